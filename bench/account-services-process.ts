import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsEnvironment } from '../test/helpers/fake-secrets-manager.ts';
import { fakeItems } from '../test/helpers/services/fake-service.ts';
import { fakeKarakeep } from '../test/helpers/services/karakeep.ts';

/**
 * Secrets Manager and a Karakeep for each account, in a process of their own, with constant answers, so that their time
 * does not drown what is measured: `node account-services-process.ts ACCOUNTS ITEMS`. Every item has its tag.
 */
const [accounts = 0, items = 0] = process.argv.slice(2).map(Number);
const TOKEN = 'bench';

const karakeep = await fakeKarakeep(fakeItems(items, { words: 100, tags: ['a quick read'] }), {
  token: TOKEN,
});
const listed = await fetch(`${karakeep.url}/api/v1/bookmarks?limit=100&archived=false&includeContent=true`, {
  headers: { Authorization: `Bearer ${TOKEN}` },
});
const listing = await listed.text();
await karakeep.close();

const urls = await Promise.all(Array.from({ length: accounts }, () => serve(() => listing)));
const secretsUrl = await serve((body) => {
  const { SecretId = '' } = JSON.parse(body);
  const at = Number(SecretId.split('-').at(-1));
  const variables = { READING_LIST: 'karakeep', KARAKEEP_URL: urls[at], KARAKEEP_TOKEN: TOKEN };
  return JSON.stringify({ Name: SecretId, SecretString: JSON.stringify(variables), VersionId: 'v1' });
});
process.send?.({
  ...awsEnvironment(secretsUrl),
  ACCOUNTS: 'bench/accounts',
  ACCOUNTS_ALLOW_HOSTS: urls.map((url) => new URL(url).host).join(),
});

async function serve(answer: (body: string) => string): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer(body)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

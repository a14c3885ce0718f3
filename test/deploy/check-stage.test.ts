import assert from 'node:assert/strict';
import { checkStage } from '../../lib/deploy/check-stage.ts';
import { stageArguments } from '../../lib/deploy/stage.ts';
import { isLoopback } from '../../lib/http/axios-client.ts';
import { articles, environmentFor, pocketWith } from '../helpers/pocket.ts';

describe('isLoopback', () => {
  const rows: [host: string, expected: boolean, why: string][] = [
    ['127.0.0.1', true, 'what `npm run pocket` says'],
    ['127.1.2.3', true, 'the whole network is'],
    ['localhost', true, 'by name'],
    ['pocket.localhost', true, 'RFC 6761'],
    ['[::1]', true, 'as a URL has it'],
    ['0.0.0.0', true, 'every address of this machine'],
    ['10.0.0.7', false, 'may be in the network of the function'],
    ['localhost.example', false, 'only ends like a name of its own'],
    ['127.example', false, 'a name'],
    ['[2001:db8::1]', false, 'anywhere'],
  ];
  for (const [host, expected, why] of rows)
    it(`${host}: ${expected} (${why})`, () => assert.equal(isLoopback(host), expected));
});

describe('stageArguments', () => {
  const rows: [why: string, given: string[], expected: string[]][] = [
    ['none', [], []],
    ['the stage, written apart', ['--stage', 'prod'], ['--stage=prod']],
    ['short', ['-s', 'prod', '-r', 'eu-west-1'], ['--stage=prod', '--region=eu-west-1']],
    ['what only deploy knows is left out', ['--force', '--verbose', '--stage=prod'], ['--stage=prod']],
    ['each parameter', ['--param=a=1', '--param', 'b=2, 3'], ['--param=a=1', '--param=b=2, 3']],
    ['a profile', ['--aws-profile', 'home'], ['--aws-profile=home']],
  ];
  for (const [why, given, expected] of rows) it(why, () => assert.deepEqual(stageArguments(given), expected));
});

describe('checkStage', () => {
  const stageOf = (environment: Record<string, string>) => ({
    name: 'prod',
    region: 'eu-central-1',
    environment,
    createdSecrets: [],
  });
  const looking = { isDeployed: async () => false, isStandIn: true };

  it('finds nothing where the reading list accepts the secrets', async () => {
    const pocket = await pocketWith(articles(1));
    try {
      const found = await checkStage(stageOf(environmentFor(pocket.server)), looking);
      assert.deepEqual(found, { problems: [], notes: [] });
    } finally {
      await pocket.close();
    }
  });

  it('refuses an address of this machine, unless AWS is on this machine too', async () => {
    const stage = stageOf({ POCKET_API_URL: 'http://127.0.0.1:9/v3', SECRETS_FROM: 'env', POCKET_KEY: 'k' });
    const { problems } = await checkStage(stage, { ...looking, isStandIn: false });
    assert.deepEqual(problems.length, 1);
    assert.match(problems[0] ?? '', /^POCKET_API_URL: is an address of this machine/);
    const { problems: others } = await checkStage(stage, looking);
    assert.match(others.join(), /POCKET_TOKEN/);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { credentialsPage, type Service } from '../../lib/reading-lists/service-settings.ts';
import { SERVICES, type ServiceName } from '../../lib/reading-lists/services.ts';

const DOCS = readFileSync('docs/reading-lists.md', 'utf8');
const OWN = 'https://links.example/base';

const pages: Readonly<Record<ServiceName, string | undefined>> = {
  // Whoever runs the server has them.
  pocket: undefined,
  karakeep: `${OWN}/settings/api-keys`,
  readeck: `${OWN}/profile/tokens`,
  readwise: 'https://readwise.io/access_token',
  instapaper: 'https://www.instapaper.com/developers',
  raindrop: 'https://app.raindrop.io/settings/integrations',
  wallabag: `${OWN}/developer`,
  linkding: `${OWN}/settings/integrations`,
  linkwarden: `${OWN}/settings/access-tokens`,
  // Those of the account itself.
  shiori: undefined,
  // Its pages may be at another address than its API.
  omnivore: undefined,
};

describe('the page where credentials are made', () => {
  for (const [name, page] of Object.entries(pages)) {
    const service: Service = SERVICES[name as ServiceName];
    it(`is below the address of the server, or one for all, and in the docs: ${name}`, () => {
      assert.equal(credentialsPage(service, OWN), page);
      const { page: written = '' } = service.credentials;
      assert.ok(DOCS.includes(written));
    });

    it(`has a sentence on what to do there, and a clause on what they may do: ${name}`, () => {
      const { steps, mayDo } = service.credentials;
      assert.match(steps, /^[A-Z].*[^.]$/);
      assert.match(mayDo, /^[a-z].*[^.]$/);
    });
  }
});

import assert from 'node:assert/strict';
import { SERVICES } from '../../lib/reading-lists/open-reading-list.ts';
import { run } from '../../lib/run.ts';
import { captured } from '../helpers/captured.ts';
import { withEnvironment } from '../helpers/environment.ts';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { SETUPS } from '../helpers/services/setups.ts';
import { underTest } from '../helpers/services/under-test.ts';

/** Services whose lengths come from the open web. */
const WITHOUT_LENGTHS = ['raindrop', 'linkding'];

describe('a run, from the environment to the tags', () => {
  it('is tried with every service', () => {
    assert.deepEqual(Object.keys(SERVICES).sort(), ['pocket', ...Object.keys(SETUPS)].sort());
  });

  for (const [name, setup] of Object.entries(SETUPS)) {
    it(`of ${name}`, async () => {
      const under = await underTest(setup, fakeItems(10, { tags: ['mine'] }));
      const upper = name.toUpperCase();
      const token = [...under.server.tokens][0] ?? '';
      const login = {
        client_id: '1_client',
        client_secret: 'client-secret',
        username: 'reader',
        password: token,
      };
      const env = {
        READING_LIST: name,
        SECRETS_FROM: 'env',
        FETCH_PAGES: 'false',
        LOG_LEVEL: 'SILENT',
        [`${upper}_URL`]: `${under.server.url}/`,
        ...(name === 'wallabag'
          ? { WALLABAG_SECRET: 'MY_LOGIN', MY_LOGIN: JSON.stringify(login) }
          : { [`${upper}_TOKEN_SECRET`]: 'MY_TOKEN', MY_TOKEN: token }),
      };
      try {
        const { result, written } = await withEnvironment(env, () => captured(() => run({ mode: 'full' })));
        assert.equal(result.complete, true);
        assert.equal(result.listed, 10);
        assert.equal(result.tagged, WITHOUT_LENGTHS.includes(name) ? 0 : 10);
        assert.ok(!written.includes(token));
      } finally {
        await under.close();
      }
    });
  }
});

import assert from 'node:assert/strict';
import type { ValidateFunction } from 'ajv';
import { verifyFirstWrite } from '../../lib/reading-lists/verify-first-write.ts';
import { tagUnread } from '../../lib/run/tag-unread.ts';
import { NO_DEADLINES } from '../helpers/pocket.ts';
import { fakeItems, type LoggedCall } from '../helpers/services/fake-service.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { RULES, underTest } from '../helpers/services/under-test.ts';
import { description, problemsOf, validatorAt } from './published-schemas.ts';

const json = ['content', 'application/json', 'schema'];

/** Everything that is said between an adapter and a fake: new items, bands to swap, texts to read. */
async function conversation(name: string): Promise<readonly LoggedCall[]> {
  const items = fakeItems(72, { words: 100 });
  for (const item of items.slice(60, 69)) item.tags = ['mine', 'a long read'];
  for (const item of items.slice(69)) Object.assign(item, { ready: false, language: 'ja' });
  const under = await underTest(setupOf(name), items);
  try {
    const pages = { read: under.readPage };
    const { tally } = await tagUnread({
      list: verifyFirstWrite(under.list),
      rules: RULES,
      mode: 'full',
      deadlines: NO_DEADLINES,
      pages,
      refetch: true,
    });
    assert.equal(tally.tagged, 69);
    return under.server.calls;
  } finally {
    await under.close();
  }
}

/** Each call of one kind, and what its two halves have to look like. */
type Expected = {
  readonly method: string;
  readonly path: RegExp;
  readonly sent?: ValidateFunction;
  readonly answered?: ValidateFunction;
};

function check(calls: readonly LoggedCall[], expected: readonly Expected[]): void {
  for (const { method, path, sent, answered } of expected) {
    const found = calls.filter((call) => call.method === method && path.test(call.path) && call.status < 300);
    assert.ok(found.length > 0, `no ${method} ${path}`);
    for (const call of found) {
      if (sent) assert.deepEqual(problemsOf(sent, call.json), [], `sent by ${method} ${call.path}`);
      if (answered) {
        assert.deepEqual(problemsOf(answered, call.answered), [], `answered to ${method} ${call.path}`);
      }
    }
  }
}

/** Every query parameter of a listing is one that the description knows. */
function checkQuery(calls: readonly LoggedCall[], path: RegExp, parameters: unknown, more: string[] = []) {
  const known = [...(parameters as { name?: string }[]).map(({ name }) => name), ...more];
  const sent = calls.filter((call) => path.test(call.path)).flatMap(({ query }) => [...query.keys()]);
  assert.deepEqual(
    sent.filter((name) => !known.includes(name)),
    [],
  );
}

describe('what adapters send, and fakes answer, is what the services publish', () => {
  it('karakeep', async function () {
    const described = description(this, 'karakeep-openapi.json');
    const at = (...path: string[]) => validatorAt(described, ['paths', ...path]);
    const one = '/bookmarks/{bookmarkId}';
    const tags = `${one}/tags`;
    const calls = await conversation('karakeep');
    check(calls, [
      { method: 'GET', path: /\/bookmarks$/, answered: at('/bookmarks', 'get', 'responses', '200', ...json) },
      { method: 'GET', path: /\/bookmarks\/\d+$/, answered: at(one, 'get', 'responses', '200', ...json) },
      ...['post', 'delete'].map((method) => ({
        method: method.toUpperCase(),
        path: /\/tags$/,
        sent: at(tags, method, 'requestBody', ...json),
        answered: at(tags, method, 'responses', '200', ...json),
      })),
    ]);
    const paths = described.paths as Record<string, { get: { parameters: unknown } }>;
    checkQuery(calls, /\/bookmarks$/, paths['/bookmarks']?.get.parameters);
    checkQuery(calls, /\/bookmarks\/\d+$/, paths[one]?.get.parameters);
  });

  it('raindrop', async function () {
    const described = description(this, 'raindrop-openapi.yaml');
    const at = (name: string) => validatorAt(described, ['components', 'schemas', name]);
    const calls = await conversation('raindrop');
    check(calls, [
      { method: 'GET', path: /\/raindrops\//, answered: at('GetRaindropsResponse') },
      { method: 'GET', path: /\/raindrop\//, answered: at('GetRaindropResponse') },
      {
        method: 'PUT',
        path: /\/raindrops\//,
        sent: at('UpdateRaindropsRequest'),
        answered: at('UpdateRaindropsResponse'),
      },
      {
        method: 'PUT',
        path: /\/raindrop\//,
        sent: at('UpdateRaindropRequest'),
        answered: at('UpdateRaindropResponse'),
      },
    ]);
    const paths = described.paths as Record<string, { get: { parameters: unknown } }>;
    // `nested` stands in the service's own documentation.
    checkQuery(calls, /\/raindrops\//, paths['/rest/v1/raindrops/{collectionId}']?.get.parameters, [
      'nested',
    ]);
  });

  it('readeck', async function () {
    const { schemas } = description(this, 'readeck-bookmark-types.yaml');
    const { routes } = description(this, 'readeck-bookmark-routes.yaml') as { routes: Routes };
    const described = { components: { schemas } };
    const at = (...path: string[]) => validatorAt(described, ['components', 'schemas', ...path]);
    const calls = await conversation('readeck');
    const summary = at('bookmarkSummary');
    check(calls, [
      { method: 'PATCH', path: /./, sent: at('bookmarkUpdate'), answered: at('bookmarkUpdated') },
    ]);
    const read = calls.filter(({ method, path }) => method === 'GET' && !path.endsWith('/article'));
    assert.ok(read.some(({ path }) => !path.endsWith('/bookmarks')));
    for (const { answered } of read) {
      for (const row of [answered].flat()) assert.deepEqual(problemsOf(summary, row), []);
    }
    const { parameters } = routes['/bookmarks']?.get ?? {};
    // Paging and order are merged in from another file.
    checkQuery(calls, /\/bookmarks$/, parameters, ['limit', 'offset', 'sort']);
  });

  it('finds fault with what does not fit', function () {
    const described = description(this, 'karakeep-openapi.json');
    const page = validatorAt(described, ['components', 'schemas', 'PaginatedBookmarks']);
    assert.notDeepEqual(problemsOf(page, { bookmarks: [{ id: 5 }], nextCursor: null }), []);
  });
});

type Routes = Readonly<Record<string, { get?: { parameters?: unknown } }>>;

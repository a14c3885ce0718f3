import type { Context } from 'hono';
import {
  bodyOf,
  type FakeItem,
  type FakeOptions,
  type FakeServer,
  htmlOf,
  iso,
  startFake,
  strings,
} from './fake-service.ts';

const MAX_PAGE_SIZE = 100;

export type OmnivoreFakeOptions = FakeOptions & {
  /** Labels that the reader has, on an item or not. */
  readonly labels?: readonly string[];
};

type Variables = {
  readonly query?: string;
  readonly first?: number;
  readonly after?: string;
  readonly slug?: string;
  readonly input?: Readonly<Record<string, unknown>>;
};

/**
 * Omnivore as far as the tagger sees it: the fields that an operation names, and 500 to a key that is not known.
 * https://github.com/omnivore-app/omnivore, packages/api/src: schema.ts, apollo.ts, resolvers/article/index.ts,
 * resolvers/labels/index.ts, services/library_item.ts, scalars.ts, utils/auth.ts.
 */
export async function fakeOmnivore(
  items: FakeItem[],
  { labels = [], ...options }: OmnivoreFakeOptions = {},
): Promise<FakeServer> {
  const names = [...labels];
  const labelOf = (name: string) => {
    if (!names.includes(name)) names.push(name);
    return { id: `label-${names.indexOf(name)}`, name };
  };
  for (const { tags } of items) tags.forEach(labelOf);
  const nodeOf = (item: FakeItem) => ({
    id: item.id,
    title: item.title,
    originalArticleUrl: item.url,
    pageType: 'ARTICLE',
    savedAt: iso(item.addedAt),
    state: item.ready ? 'SUCCEEDED' : 'PROCESSING',
    language: item.language,
    readingProgressPercent: typeof item.progress === 'number' ? item.progress * 100 : item.progress,
    wordsCount: item.ready ? item.words : 0,
    labels: item.tags.map(labelOf),
    ...item.row,
  });

  const operations: Readonly<Record<string, (variables: Variables) => object>> = {
    search: ({ query = '', first = 10, after = '0' }) => {
      const [, id] = /includes:(\S+)/.exec(query) ?? [];
      const found = items
        .filter((item) => query.includes('in:all') || !item.archived)
        .filter((item) => id === undefined || item.id === id);
      const from = Number(after);
      const to = from + Math.min(first, MAX_PAGE_SIZE);
      return { edges: found.slice(from, to).map((item) => ({ cursor: String(to), node: nodeOf(item) })) };
    },
    article: ({ slug }) => {
      const item = items.find(({ id }) => id === slug);
      if (!item) return { errorCodes: ['NOT_FOUND'] };
      const content = item.ready ? htmlOf(item.words) : '<p>Your link is being saved...</p>';
      return { article: { content: item.text ?? content } };
    },
    labels: () => ({ labels: names.map(labelOf) }),
    createLabel: ({ input }) => {
      const name = sanitized(String(input?.name));
      const isKnown = names.some((one) => one.toLowerCase() === name.toLowerCase());
      return isKnown ? { errorCodes: ['LABEL_ALREADY_EXISTS'] } : { label: labelOf(name) };
    },
    setLabels: ({ input }) => {
      const ids = strings(input?.labelIds);
      const set = names.filter((name) => ids.includes(labelOf(name).id));
      if (set.length !== ids.length) return { errorCodes: ['NOT_FOUND'] };
      const item = items.find(({ id }) => id === input?.pageId);
      if (!item) return { errorCodes: ['UNAUTHORIZED'] };
      item.tags = set;
      return { labels: set.map(labelOf) };
    },
  };

  return startFake(
    items,
    (app) => {
      app.post('/api/graphql', async (context: Context) => {
        const { query, variables } = await bodyOf(context);
        // The first field of the operation.
        const [, name = ''] = /\{\s*(\w+)/.exec(String(query)) ?? [];
        const answer = operations[name]?.((variables ?? {}) as Variables);
        return answer
          ? context.json({ data: { [name]: answer } }, 200)
          : context.json({ errors: [{ message: 'Unexpected server error' }] }, 400);
      });
    },
    {
      ...options,
      schemes: [''],
      unauthorized: () =>
        Response.json({ errors: [{ message: 'Unexpected server error' }] }, { status: 500 }),
      changes: (json) => /^\s*mutation\b/.test(String((json as { query?: unknown } | undefined)?.query)),
    },
  );
}

/** As `sanitize-html` without a tag that is allowed: what looks like one goes, and the rest is escaped. */
function sanitized(name: string): string {
  return name
    .replaceAll(/<\/?[a-z][^>]*>?/gi, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

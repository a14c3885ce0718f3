import * as z from 'zod';
import type { PageEvidence } from '../../core/estimate.ts';
import type { Item, ItemKind, TagChange } from '../../core/item.ts';
import type { Deadline } from '../../deadline.ts';
import { Failure } from '../../failure.ts';
import { addedAtOf, type CallApi, number, rowsOf, type TokenServiceOptions, text } from '../api-call.ts';
import { listByOffset, type Rows } from '../paging.ts';
import { type CallForText, lengthOfText, readTexts } from '../read-text.ts';
import { type ReadingList, readPage, type Scope } from '../reading-list.ts';
import { omnivoreTagName } from '../tag-names.ts';
import { ONE_BY_ONE_BATCH, oneByOne, replacedTags } from '../tag-writes.ts';
import { callOf, omnivoreCall, resultOf, run } from './calls.ts';
import { type LabelIds, labelIds } from './labels.ts';

/**
 * Requests for n items, c of them changed: n/100 pages (the maximum size), which overlap by an item since the total may
 * be an old one, and two calls for each change, one of which reads the item just before; one for all labels, and one for
 * each that has to be made. An item of under 400 words without a band takes one call more.
 */
const PAGE_SIZE = 100;
const OVERLAP = 1;
/** Walls are shorter; and words are counted by spaces, so that articles in scripts without them have fewer, too. */
const MIN_TRUSTED_WORDS = 400;
/** What Omnivore stores of a page that it could not read, or has not read yet. */
const NOT_FETCHED = /We were unable to parse this page|Your link is being saved/;
/** What is unread, without the feeds that the reader follows; and everything but the trash. */
const QUERIES: Readonly<Record<Scope, string>> = {
  unread: 'in:inbox use:folders sort:saved-desc',
  all: 'in:all sort:saved-desc',
};

const node = z.object({
  id: z.string(),
  title: text,
  // Not `url`: of an uploaded file that is the file itself, and where that is lost, the whole page of rows is refused.
  originalArticleUrl: text,
  pageType: text,
  savedAt: text,
  state: text,
  language: text,
  readingProgressPercent: number,
  wordsCount: number,
  // Required, since a write replaces all labels.
  labels: z.array(z.object({ id: z.string(), name: z.string() })).nullable(),
});
type Node = z.infer<typeof node>;

const SEARCH = {
  query: `query Search($query: String!, $first: Int!, $after: String) {
    search(query: $query, first: $first, after: $after) {
      ... on SearchSuccess { edges { node {
        id title originalArticleUrl pageType savedAt state language readingProgressPercent wordsCount
        labels { id name }
      } } }
      ... on SearchError { errorCodes }
    }
  }`,
  field: 'search',
  result: z.object({ edges: rowsOf(z.object({ node })) }),
};
const ARTICLE = {
  query: `query Article($slug: String!) {
    article(username: "", slug: $slug) {
      ... on ArticleSuccess { article { content } }
      ... on ArticleError { errorCodes }
    }
  }`,
  field: 'article',
  result: z.object({ article: z.object({ content: text }) }),
};
const SET_LABELS = {
  query: `mutation SetLabels($input: SetLabelsInput!) {
    setLabels(input: $input) {
      ... on SetLabelsSuccess { labels { id } }
      ... on SetLabelsError { errorCodes }
    }
  }`,
  field: 'setLabels',
  result: z.object({ labels: z.array(z.unknown()) }),
};

/** Omnivore on a server of your own, https://github.com/omnivore-app/omnivore: labels are replaced, one item at a time. */
export function omnivore(options: TokenServiceOptions): ReadingList {
  const call = omnivoreCall(options);
  const list = (scope: Scope, deadline: Deadline) => {
    const readAt = async (offset: number): Promise<Rows> => {
      const nodes = await search(call, { query: QUERIES[scope], first: PAGE_SIZE, offset }, deadline);
      return { rows: nodes.map((node) => node && { id: node.id, item: toItem(node) }) };
    };
    return listByOffset(readAt, { pageSize: PAGE_SIZE, overlap: OVERLAP });
  };
  const listAll = (deadline: Deadline) => list('all', deadline);
  const getItem = ({ id }: Item, deadline: Deadline) => readOne(call, id, deadline);
  const labels = labelIds(call, omnivoreTagName);
  const failedInARow = { count: 0 };
  return {
    batchSize: ONE_BY_ONE_BATCH,
    listUnread: (deadline) => list('unread', deadline),
    listAll,
    applyTags: (changes, deadline) =>
      oneByOne(changes, {
        write: (change) => write(call, change, { labels, deadline }),
        getItem: (item) => getItem(item, deadline),
        readPage: () => readPage(listAll, deadline),
        failedInARow,
      }),
    getItem,
    readText: readTexts(call, listAll, readText),
  };
}

/** Newest first, from an offset. */
async function search(
  call: CallApi,
  { query, first, offset }: { query: string; first: number; offset: number },
  deadline: Deadline,
): Promise<(Node | undefined)[]> {
  const { edges } = await run(call, SEARCH, { query, first, after: String(offset) }, deadline);
  return edges.map((edge) => edge?.node);
}

/** By id, wherever it is but in the trash. */
async function readOne(call: CallApi, id: string, deadline: Deadline): Promise<Item | undefined> {
  // Anything else could be more words of the query.
  if (!/^[\w-]+$/.test(id)) return undefined;
  const nodes = await search(call, { query: `in:all includes:${id}`, first: 1, offset: 0 }, deadline);
  const node = nodes.find((node) => node?.id === id);
  // Null, and not empty, where they could not be read; a write of ours would take them for none.
  if (node?.labels === null)
    throw new Failure('unavailable', 'Omnivore did not say which labels an item has', { status: 500 });
  return node && toItem(node);
}

function toItem(row: Node): Item {
  const { id, title, originalArticleUrl: url, savedAt, language = '', labels } = row;
  const { readingProgressPercent: percent = 0, wordsCount: words = 0 } = row;
  return {
    id,
    kind: kindOf(row.pageType),
    tags: (labels ?? []).map(({ id, name }) => ({ id, name })),
    parsed: !['PROCESSING', 'FAILED', 'CONTENT_NOT_FETCHED'].includes(row.state ?? ''),
    ...(url && { url }),
    ...(title && { title }),
    // Some have the name of the language instead.
    ...(/^[a-z]{2,3}(-|$)/i.test(language) && { language }),
    ...addedAtOf(savedAt),
    ...(percent > 0 && { progress: Math.min(1, percent / 100) }),
    ...(words >= MIN_TRUSTED_WORDS && { words }),
  };
}

function kindOf(pageType: string | undefined): ItemKind {
  if (pageType === 'VIDEO') return 'video';
  return pageType === 'IMAGE' ? 'image' : 'article';
}

async function readText(item: Item, call: CallForText): Promise<PageEvidence> {
  if (!item.parsed || item.kind !== 'article')
    return { known: false, reason: item.parsed ? 'no-length' : 'not-parsed' };
  const response = await call(callOf(ARTICLE, { slug: item.id }));
  const { content = '' } = resultOf(ARTICLE, response).article;
  return NOT_FETCHED.test(content) ? { known: false, reason: 'not-parsed' } : lengthOfText(content);
}

type WriteOptions = { readonly labels: LabelIds; readonly deadline: Deadline };

/** `setLabels` replaces all labels, by their ids; so they are read just before. */
async function write(
  call: CallApi,
  change: TagChange,
  { labels, deadline }: WriteOptions,
): Promise<string | undefined> {
  const { id } = change.item;
  const current = await readOne(call, id, deadline);
  if (!current)
    throw new Failure('unexpected-response', 'Could not find the item of Omnivore', { status: 404 });
  const names = replacedTags(change, current.tags, omnivoreTagName);
  if (names === undefined) return undefined;
  const held = new Map(current.tags.map(({ name, id }) => [name, id]));
  const ids: string[] = [];
  for (const name of names) ids.push(held.get(name) ?? (await labels.idOf(name, deadline)));
  await run(call, SET_LABELS, { input: { pageId: id, labelIds: ids } }, deadline).catch((error) => {
    // One of them may be gone, too.
    labels.forget();
    throw error;
  });
  return undefined;
}

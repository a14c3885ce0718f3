import type { Fault } from '../faults.ts';
import type { FakeCall } from './fake-service.ts';

/** Where an answer of a listing has its parts. */
export type ListingShape = {
  /** Of the calls that list items. */
  readonly path: RegExp;
  /** Whether a call to that path lists items, by its body. */
  readonly lists?: (json: unknown) => boolean;
  /** The fields in each other that lead to the rows; none: the answer is the rows. */
  readonly rows: readonly string[];
  /** The field of the cursor to the next page. */
  readonly cursor?: string;
  /** The field of how many there are, or the header, whose name has a capital. */
  readonly total?: string;
};

/** Whether it is a call that lists items. */
export function isListing({ path, lists = () => true }: ListingShape, call: FakeCall): boolean {
  return !call.isWrite && path.test(call.path) && lists(call.json);
}

/** How listings go wrong. */
export type WrongListing =
  | 'the same page'
  | 'new cursors to the same page'
  | 'a total far too high'
  | 'totals in turn'
  | 'a total of the page only'
  | 'an item a hundred times'
  | 'odd rows';

type Body = Readonly<Record<string, unknown>>;
type Call = { readonly body: unknown; readonly headers: Headers; readonly n: number };

/** The fault of each call of a listing. */
export function wrongListing(shape: ListingShape, how: WrongListing): () => Fault {
  let n = 0;
  let first: unknown;
  const change = (body: unknown, headers: Headers) => {
    first ??= body;
    return CHANGES[how](shape, { body, headers, n });
  };
  return () => {
    n += 1;
    // As from a cache, which does not ask the service.
    if (first !== undefined && how.endsWith('the same page')) {
      return { kind: 'answer', answer: { status: 200, headers: {}, body: change(first, new Headers()) } };
    }
    return { kind: 'change', change };
  };
}

const CHANGES: Readonly<Record<WrongListing, (shape: ListingShape, call: Call) => unknown>> = {
  'the same page': ({ cursor }, { body }) => (cursor ? { ...(body as Body), [cursor]: 'same' } : body),
  'new cursors to the same page': ({ cursor }, { body, n }) =>
    cursor ? { ...(body as Body), [cursor]: `cursor ${n}` } : body,
  'a total far too high': (shape, call) => withTotal(shape, call, () => 1_000_000),
  'totals in turn': (shape, call) =>
    withTotal(shape, call, (total) => (call.n % 2 === 0 ? total + 1000 : total)),
  'a total of the page only': (shape, call) =>
    withTotal(shape, call, () => rowsOf(call.body, shape.rows).length),
  'odd rows': ({ rows }, { body, n }) => {
    const [, , ...more] = rowsOf(body, rows);
    return n > 1 ? body : withRows(body, rows, [null, {}, ...more]);
  },
  'an item a hundred times': ({ rows }, { body }) => {
    const [row, ...more] = rowsOf(body, rows);
    return row === undefined ? body : withRows(body, rows, [...Array(100).fill(row), ...more]);
  },
};

function withTotal(
  { total }: ListingShape,
  { body, headers }: Call,
  change: (total: number) => number,
): unknown {
  if (total === undefined) return body;
  if (!/[A-Z]/.test(total)) return { ...(body as Body), [total]: change(Number((body as Body)[total])) };
  headers.set(total, String(change(Number(headers.get(total)))));
  return body;
}

/** Pocket has an object of them, by id. */
function rowsOf(body: unknown, [field, ...fields]: readonly string[]): unknown[] {
  return field === undefined ? Object.values(body as object) : rowsOf((body as Body)[field], fields);
}

function withRows(body: unknown, [field, ...fields]: readonly string[], rows: unknown[]): unknown {
  return field === undefined
    ? rows
    : { ...(body as Body), [field]: withRows((body as Body)[field], fields, rows) };
}

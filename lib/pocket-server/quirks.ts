/** A: Pocket's PHP server, 2012 to mid-2024. B: the proxy that followed it, until the end in 2025. */
export type Era = 'A' | 'B';

/** One action of `send`, by what it was about. */
export type NamedAction = {
  readonly action: string;
  /** The id, or the URL where the client named the item by it. */
  readonly item: string | undefined;
  readonly tags: readonly string[];
};

/** Where Pocket's servers, or stand-ins for them, were seen to differ. */
export type Quirks = {
  /** What an empty `list` looks like. Era A: `array`; era B: `object` (but `array` for a search). */
  readonly emptyList: 'array' | 'object';
  /** Keys that items do not have at all: `['time_to_read', 'resolved_url']`. */
  readonly omit: readonly string[];
  /** Deleted items come as `item_id` and `status` alone. */
  readonly deletedStubs: boolean;
  /** Flags mean true only as `"1"`, `"true"` or true: the number 1 means false. */
  readonly strictFlags: boolean;
  /** `sort=title` and `sort=site` are refused, `domain` is ignored. */
  readonly strictSort: boolean;
  /** Most items in one page. */
  readonly mostItems: number;
  /** `total` never says more than this. */
  readonly mostTotal: number;
  /** A refused token is HTTP 200 with `{"error":"Not authorized"}`, or one error per action. */
  readonly refusedInside200: boolean;
  /** Whether `send` answers with `action_errors`. */
  readonly actionErrors: boolean;
  /** ListSource actions fail in their slot, not carried out. */
  readonly fails: (action: NamedAction) => boolean;
  /** `none`: `send` answers with `action_results: []`. */
  readonly actionResults: 'all' | 'none';
};

const shared = {
  omit: [],
  strictFlags: false,
  strictSort: false,
  mostItems: 30,
  mostTotal: Number.POSITIVE_INFINITY,
  refusedInside200: false,
  fails: () => false,
  actionResults: 'all',
} as const;

export const quirksOf: Readonly<Record<Era, Quirks>> = {
  A: { ...shared, emptyList: 'array', deletedStubs: false, actionErrors: false },
  B: { ...shared, emptyList: 'object', deletedStubs: true, actionErrors: true },
};

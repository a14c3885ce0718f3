/** Mutants that may live, and why. */
export type Survivor = {
  readonly file: string;
  /** The code that is changed, on one line, as the list of survivors has it. */
  readonly code: readonly string[];
  /** Only these replacements of it; absent: any. */
  readonly to?: readonly string[];
  readonly why: string;
};

const SAVES_WORK = 'only saves work: the result is the same';
const LETS_GO = 'only lets go of what is not needed any more: memory, timers, listeners';
const IN_THE_VERY_MILLISECOND = 'tells only in the very millisecond';
const GET_ANYWAY = 'a request without a method is a GET';
const FOR_THE_TYPES = 'never happens: written for the type checker';

const CORE: readonly Survivor[] = [
  {
    file: 'lib/core/count-words.ts',
    code: ['code > LAST_WORD_CHARACTER'],
    to: ['false'],
    why: SAVES_WORK,
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['at < most'],
    why: 'only how much ICU is given at once',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['at < text.length'],
    to: ['at <= text.length'],
    why: 'what is past the end counts as a break, as the end does',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['step >= BEGINS'],
    to: ['step > BEGINS'],
    why: 'a step that begins a word also holds the letter or digit, so it is never just this',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['kind <= JOINS_DIGITS'],
    to: ['true'],
    why: 'tells only where Thai meets Latin without a space: ICU counts one word there, so neither answer is wrong',
  },
  {
    file: 'lib/core/count-words.ts',
    code: ['before !== BREAK'],
    to: ['true'],
    why: 'after a break a word begins, whatever punctuation stands between',
  },
  { file: 'lib/core/plan.ts', code: ['held !== undefined'], to: ['true'], why: FOR_THE_TYPES },
  {
    file: 'lib/core/planned-row.ts',
    code: ["decision.kind === 'skip'", "'skip'"],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/core/explain.ts',
    code: ["decision.kind === 'keep'"],
    to: ['true'],
    why: 'a change without minutes is about a video, which is asked next',
  },
  { file: 'lib/core/plan.ts', code: ['item.tags.length === 0'], to: ['false'], why: SAVES_WORK },
  {
    file: 'lib/core/reading-speed.ts',
    code: ["''"],
    why: 'any text that is no language does',
  },
  {
    file: 'lib/core/explain.ts',
    code: ["'own-speed'"],
    to: ['""'],
    why: 'what is not in the order comes first, and so does this',
  },
];

const SECRETS: readonly Survivor[] = [
  {
    file: 'lib/secrets/credential-sets.ts',
    code: ["'credentials'", 'chosen.find((one) => one.name === name)?.secret'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/secrets/credentials.ts',
    code: ['refusal?.message', 'refusal?.status', "'Refused'"],
    why: 'never happens: a set is tried and refused first',
  },
  {
    file: 'lib/secrets/credentials.ts',
    code: ['refusal?.status === undefined'],
    why: 'a status that is undefined is none',
  },
  {
    file: 'lib/secrets/json-object.ts',
    code: ['{ return undefined; }'],
    why: 'a function that returns nothing returns undefined',
  },
  {
    file: 'lib/secrets/keep-secrets.ts',
    code: ['[]', "''"],
    why: 'what is put in the place of nothing is not found either',
  },
];

const WEB: readonly Survivor[] = [
  {
    file: 'lib/web/fetching/host-turns.ts',
    code: [
      'waitMs <= 0',
      '{ restsUntil.delete(host); return; }',
      'restsUntil.delete(host);',
      '{ if (lastTurns.get(host) === turn) lastTurns.delete(host); }',
      'lastTurns.get(host) === turn',
      'lastTurns.delete(host);',
    ],
    why: LETS_GO,
  },
  {
    file: 'lib/web/fetching/host-turns.ts',
    code: ['waitMs > longestRestMs', 'waitMs > deadline.remainingMs()'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/web/fetching/page-clock.ts',
    code: ['clearTimeout(firstByte);', 'clearTimeout(all);', "'abort'"],
    why: LETS_GO,
  },
  {
    file: 'lib/web/fetching/page-clock.ts',
    code: ['!signal.aborted'],
    to: ['true'],
    why: 'a signal that is aborted already ends the request by itself',
  },
  {
    file: 'lib/web/fetching/page-answer.ts',
    code: ['{ return undefined; }'],
    why: 'a function that returns nothing returns undefined',
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ['addresses[0]?.address', "''"],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ['{ return dns.lookup(hostname, { all: true }); }', '{ all: true }', 'true'],
    why: "the system's own resolver, which no test may ask for a name on the internet",
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ['socket.destroy();'],
    why: LETS_GO,
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ["'readtime-tagger/0.1 (+https://github.com/readtime-tagger/readtime-tagger)'"],
    why: 'what we say of ourselves: no host answers otherwise for it in the tests',
  },
  {
    file: 'lib/web/fetching/read-capped.ts',
    code: ["'gzip, deflate, br, zstd'"],
    why: 'what we say of ourselves: no host answers otherwise for it in the tests',
  },
  {
    file: 'lib/web/paced.ts',
    code: ['startedAt.length > callsPerMinute', 'startedAt.shift();'],
    why: LETS_GO,
  },
  {
    file: 'lib/web/paced.ts',
    code: ['ms >= spec.deadline.remainingMs()'],
    why: IN_THE_VERY_MILLISECOND,
  },
  { file: 'lib/web/paced.ts', code: ['ms > 0'], why: 'a wait of nothing is none' },
  {
    file: 'lib/web/request.ts',
    code: ['waitMs < deadline.remainingMs()'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/web/request.ts',
    code: ['spec.json !== undefined', 'waitMs !== undefined'],
    to: ['true'],
    why: 'axios takes what is undefined for absent',
  },
  {
    file: 'lib/web/article-text.ts',
    code: [
      'kept.length >= KEPT_TEXT',
      'more.trim().slice(0, KEPT_TEXT)',
      'page.blocksApart.length === 0',
      'page.blocks.length === 0',
    ],
    why: SAVES_WORK,
  },
  {
    file: 'lib/web/article-text.ts',
    code: ['more.trim()', "''"],
    why: 'a text a little longer or shorter is of the same kind and language',
  },
  {
    file: 'lib/web/article-text.ts',
    code: [
      'shown.count.words >= ALMOST_NO_WORDS',
      'all.count.words > shown.count.words',
      'count.words > found.count.words',
      'found.count.words < ALMOST_NO_WORDS',
      'found.count.words < FEW_WORDS',
      'found.count.words < 2 * FEW_WORDS',
    ],
    why: 'a limit that was chosen by eye: no test has a page of just so many words',
  },
  {
    file: 'lib/web/decode-page.ts',
    code: [
      'at < bytes.length',
      'size < MOST_GUESSED_BYTES',
      'at + MOST_GUESSED_BYTES - size',
      'run.some((byte) => byte > 0x7f)',
      'byte > 0x7f',
    ],
    why: 'only how much text the guess looks at',
  },
  { file: 'lib/web/decode-page.ts', code: ["'utf-8'"], why: 'the default is the same' },
  { file: 'lib/web/decode-page.ts', code: ["''"], why: 'no encoding has such a name' },
  {
    file: 'lib/web/html-text.ts',
    code: ['text.slice(0, LANGUAGE_SAMPLE)'],
    why: SAVES_WORK,
  },
  { file: 'lib/web/pdf-text.ts', code: ['page.cleanup();', '{ await pdf.destroy(); }'], why: LETS_GO },
  { file: 'lib/web/pdf-text.ts', code: ['{ verbosity: 0 }'], why: 'only keeps the library silent' },
  {
    file: 'lib/web/pdf-text.ts',
    code: ['{ return undefined; }'],
    why: 'a function that returns nothing returns undefined',
  },
  {
    file: 'lib/web/pdf-text.ts',
    code: ['performance.now() > endsAt'],
    to: ['performance.now() >= endsAt'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/web/article/name-rules.ts',
    code: [
      'known !== undefined',
      'remembered.size >= MOST_REMEMBERED',
      'remembered.clear();',
      'remembered.set(value, bits);',
    ],
    why: SAVES_WORK,
  },
  {
    file: 'lib/web/article/name-rules.ts',
    code: ["list.split(' ').filter((entry) => entry !== '')", "entry !== ''", "''", '/\\s+/'],
    why: 'an empty name meets nothing, and so does none',
  },
  {
    file: 'lib/web/article/name-rules.ts',
    code: ['at < name.length'],
    why: 'what is past the end is no letter, and ends a word as the end does',
  },
  {
    file: 'lib/web/article/phrase-rules.ts',
    code: ['at < PHRASE_RULES.length', 'PHRASE_RULES[at]?.pattern'],
    why: 'a rule that is not there is not met',
  },
  {
    file: 'lib/web/article/html-tags.ts',
    code: ["'span'", "'x-component'"],
    why: 'a name by which nobody asks',
  },
];

const READING_LISTS: readonly Survivor[] = [
  ...[
    'instapaper',
    'karakeep',
    'linkding',
    'raindrop',
    'raindrop-wire',
    'readeck',
    'readwise-wire',
    'wallabag',
  ].map((name) => ({
    file: `lib/reading-lists/${name}.ts`,
    code: ["'GET'"],
    why: GET_ANYWAY,
  })),
  ...['karakeep', 'linkding', 'raindrop-wire', 'readeck', 'readwise-wire', 'wallabag'].map((name) => ({
    file: `lib/reading-lists/${name}.ts`,
    code: ['addedAt > 0', "''"],
    why: 'a date that is none is no number, and neither above 0 nor at it',
  })),
  {
    file: 'lib/reading-lists/linkding.ts',
    code: ['clock.now() - (readAt.get(id) ?? 0) > STALE_AFTER_MS'],
    why: IN_THE_VERY_MILLISECOND,
  },
  {
    file: 'lib/reading-lists/confirming.ts',
    code: ['results[at]?.ok'],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/reading-lists/our-tag-names.ts',
    code: ['item.tags.length === 0'],
    why: SAVES_WORK,
  },
];

export const SURVIVORS: readonly Survivor[] = [...CORE, ...SECRETS, ...WEB, ...READING_LISTS];

import { FOR_THE_TYPES, IN_THE_VERY_MILLISECOND, LETS_GO, SAVES_WORK, type Survivor } from './survivor.ts';

export const WEB: readonly Survivor[] = [
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
    file: 'lib/web/article/page-kinds.ts',
    code: ['text.slice(-LONGEST_END)'],
    why: SAVES_WORK,
  },
  {
    file: 'lib/web/article-text.ts',
    code: ["/^([a-z]{2,3})(?:[-_]|$)/i.exec(tag?.trim() ?? '')?.[1]?.toLowerCase"],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/web/article-text.ts',
    code: [
      'declared !== undefined && !BY_SCRIPT.has(declared) && LATIN.test(text)',
      '/^[^\\p{L}]{0,100}(?:\\p{Script=Latin}[^\\p{L}]{0,100}){20}/u',
    ],
    to: [
      'false',
      '/^[^\\p{L}](?:\\p{Script=Latin}[^\\p{L}]{0,100}){20}/u',
      '/^[^\\p{L}]{0,100}(?:\\p{Script=Latin}[^\\p{L}]){20}/u',
    ],
    why: 'a shortcut that is taken less often: a text that begins in Latin letters is found to be in them as well',
  },
  {
    file: 'lib/web/article-text.ts',
    code: ['declared !== undefined'],
    to: ['true'],
    why: 'where none is declared, the one that is found is the answer, denied or not',
  },
  {
    file: 'lib/web/pdf-text.ts',
    code: ["''"],
    to: ['"Stryker was here!"'],
    why: 'the library gives marks without text only where it is asked for them',
  },
  {
    file: 'lib/web/pdf-text.ts',
    code: ["'stream'"],
    to: ['""'],
    why: 'the six bytes that are passed over are those of %PDF-1',
  },
  {
    file: 'lib/web/pdf-text.ts',
    code: ["error instanceof Error && 'code' in error"],
    to: ['true', "error instanceof Error || 'code' in error"],
    why: FOR_THE_TYPES,
  },
  {
    file: 'lib/web/fetch-page.ts',
    code: ['[]'],
    to: ['["Stryker was here"]'],
    why: 'an entry that is no host is left out',
  },
  {
    file: 'lib/web/fetching/host-turns.ts',
    code: ['{ signal: deadline.signal }'],
    to: ['{}'],
    why: 'only ends the wait sooner where a run is interrupted: the answer is the same',
  },
  {
    file: 'lib/web/fetching/page-clock.ts',
    code: ['stop.signal.throwIfAborted();'],
    why: 'tells only where the body ends in the very moment in which the time does',
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: [
      '{ http: new http.Agent(keep), https: new https.Agent({ ...keep, rejectUnauthorized: true }), }',
      '{ ...keep, rejectUnauthorized: true }',
    ],
    to: ['{}'],
    why: 'the test of what the environment may switch off tells, in a process of its own, which no mutant reaches',
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ['signal.throwIfAborted();'],
    why: 'a request whose signal is aborted ends by itself',
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ['false'],
    to: ['true'],
    why: 'a Host header that is given stands; and Node parses strictly unless told otherwise at its start',
  },
  {
    file: 'lib/web/fetching/page-request.ts',
    code: ["'text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.1'"],
    why: 'what we say of ourselves: no host answers otherwise for it in the tests',
  },
  {
    file: 'lib/web/fetching/page-url.ts',
    code: ['/^\\[|\\]$/g'],
    to: ['/\\[|\\]$/g', '/^\\[|\\]/g'],
    why: 'a host has brackets at its ends or none',
  },
  { file: 'lib/web/gate.ts', code: ['leftMs() >= remainingMs()'], why: IN_THE_VERY_MILLISECOND },
  {
    file: 'lib/web/request.ts',
    code: ['value === null'],
    to: ['false'],
    why: 'axios has no header that is null in an answer',
  },
  {
    file: 'lib/web/request.ts',
    code: ["'no answer'", "''"],
    why: 'axios gives a code and a message with each fault of the network',
  },
];

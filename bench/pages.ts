/**
 * `npm run bench:pages -- [--corpus DIR]... [--json FILE]`: how well, how fast and with how much memory the length
 * of a page is estimated, beside Readability on linkedom in the same run. FILE gets, by page,
 * `{words, ms, confidence, reason}`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Readability } from '@mozilla/readability';
import Table from 'cli-table3';
import { parseHTML } from 'linkedom';
import { type ArticleText, articleText } from '../lib/article/article-text.ts';
import model from '../lib/article/block-model.json' with { type: 'json' };
import { countWords } from '../lib/core/count-words.ts';
import { type CalibrationBin, calibrationOf, curveOf, type Kept } from './confidence-score.ts';
import { DEFAULT_CORPORA, readHtml, readTruths, type Truth } from './corpus.ts';
import { judgedAs, type Score, scoreOf } from './page-score.ts';
import { judgements } from './walls.ts';
import { compareWordCounts } from './word-counts.ts';

const { values } = parseArgs({
  options: { corpus: { type: 'string', multiple: true, default: DEFAULT_CORPORA }, json: { type: 'string' } },
});

type Found = Omit<ArticleText, 'otherwise' | 'leftOut'>;
type Estimator = (html: string, id: string) => number;
type Measured = {
  readonly words: Map<string, number>;
  readonly ms: Map<string, number>;
  /** Of all pages, on all threads: what a busy machine does not change. */
  readonly cpuMs: number;
  readonly peakMb: number;
};

/** A share of fewer says nothing. */
const MIN_PAGES = 4;

const read = (ids: readonly string[], wordsOf: Estimator): Measured => {
  const words = new Map<string, number>();
  const ms = new Map<string, number>();
  let cpuMs = 0;
  for (const id of ids) {
    const html = readHtml(values.corpus, id);
    const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
    words.set(id, wordsOf(html, id));
    ms.set(id, performance.now() - from);
    const { user, system } = process.cpuUsage(cpuFrom);
    cpuMs += (user + system) / 1000;
  }
  return { words, ms, cpuMs, peakMb: process.resourceUsage().maxRSS / 1024 };
};

/** Reads all pages once to get warm, as a function that has run before, and then once more. */
const measure = (ids: readonly string[], wordsOf: Estimator): Measured => {
  read(ids, wordsOf);
  return read(ids, wordsOf);
};

const readabilityWords = (html: string): number => {
  // Without these two tags linkedom gives a document that Readability cannot walk.
  const whole = /<body[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`;
  try {
    const { document } = parseHTML(whole) as unknown as {
      document: ConstructorParameters<typeof Readability>[0];
    };
    return countWords(new Readability(document).parse()?.textContent ?? '').words;
  } catch {
    return 0;
  }
};

const percent = (share: number): string => (share * 100).toFixed(1);
const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, ms) => sum + ms, 0) / Math.max(1, numbers.length);

const row = (name: string, score: Score): string[] => [
  name,
  String(score.pages),
  percent(score.withinAMinute),
  percent(score.sameBand),
  percent(score.sameDefaultBand),
  score.medianError.toFixed(3),
  score.error90.toFixed(2),
];

const HEAD = [
  '',
  'pages',
  'within a minute %',
  'same band %',
  'same of three %',
  'median error',
  '90th percentile',
];
const LENGTHS: readonly (readonly [string, number, number])[] = [
  ['to 200 words', 0, 200],
  ['200 to 500', 200, 500],
  ['500 to 1,000', 500, 1000],
  ['1,000 to 3,000', 1000, 3000],
  ['over 3,000', 3000, Number.POSITIVE_INFINITY],
];

const printTable = (head: string[], rows: readonly string[][]): void => {
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  table.push(...rows);
  console.log(table.toString());
};

/** Whether a page at 0.8 is right in 8 of 10, and what a threshold keeps. */
const printConfidence = (where: string, bins: readonly CalibrationBin[], curve: readonly Kept[]): void => {
  console.log(`confidence ${where}: articles within a minute by what was predicted, and by threshold`);
  printTable(
    ['confidence', 'articles', 'predicted %', 'right %'],
    bins.map(({ from, to, pages, confidence, right }) => [
      `${from} to ${to}`,
      String(pages),
      percent(confidence),
      percent(right),
    ]),
  );
  printTable(
    ['threshold', 'articles kept %', 'within a minute %', 'same default band %', 'other types: wrong tag %'],
    curve.map(({ threshold, ...shares }) => [String(threshold), ...Object.values(shares).map(percent)]),
  );
};

const bench = (truths: Readonly<Record<string, Truth>>): void => {
  const ids = Object.keys(truths);
  const found = new Map<string, Found>();
  const ourWords: Estimator = (html, id) => {
    // What counts on demand holds the page in memory; a run drops it with its item.
    const { otherwise: _, leftOut: __, ...article } = articleText(html);
    found.set(id, article);
    return article.words;
  };
  // Ours first: what Readability leaves behind would be swept up at our expense.
  const ours = measure(ids, ourWords);
  const readability = measure(ids, readabilityWords);
  const judged = (wanted: string): string[] => ids.filter((id) => judgedAs(truths[id] as Truth) === wanted);
  const articles = judged('articles');
  const table = new Table({ head: HEAD, style: { head: [], border: [], compact: true } });
  const compare = (name: string, chosen: readonly string[]): void => {
    if (chosen.length < MIN_PAGES) return;
    table.push(row(`${name}: ours`, scoreOf(chosen, truths, ours.words)));
    table.push(row(`${name}: Readability`, scoreOf(chosen, truths, readability.words)));
  };
  const group = (by: (id: string) => string): [string, string[]][] =>
    Object.entries(Object.groupBy(articles, by))
      .map(([name, of]): [string, string[]] => [name, of ?? []])
      .sort(([, a], [, b]) => b.length - a.length);

  compare('articles, human truth', articles);
  compare('other types', judged('other types'));
  for (const [source, of] of group((id) => truths[id]?.source ?? '')) compare(`source ${source}`, of);
  for (const [language, of] of group((id) => truths[id]?.lang ?? '')) compare(`language ${language}`, of);
  for (const [name, from, to] of LENGTHS) {
    compare(
      name,
      articles.filter((id) => (truths[id]?.words ?? 0) > from && (truths[id]?.words ?? 0) <= to),
    );
  }
  console.log(table.toString());

  const { folds, articles: seen, otherTypes, calibration, curve } = model.crossValidated;
  console.log(
    `The learned scorer was fitted to ${model.madeFrom}. On sites it had not seen (${folds} folds by site): articles ${percent(seen.withinAMinute)} / ${percent(seen.sameBand)}, other types ${percent(otherTypes.withinAMinute)} / ${percent(otherTypes.sameBand)} (npm run train)`,
  );
  printConfidence(`on sites not seen (npm run train)`, calibration, curve);
  const estimated = ids.map((id) => ({
    truth: truths[id] as Truth,
    words: ours.words.get(id) ?? 0,
    confidence: found.get(id)?.confidence ?? 0,
  }));
  printConfidence('on these pages, seen in training or not', calibrationOf(estimated), curveOf(estimated));
  console.log(judgements(values.corpus, truths, found));
  const [oursMs, readabilityMs] = [mean([...ours.ms.values()]), mean([...readability.ms.values()])];
  console.log(
    `milliseconds a page: ours ${oursMs.toFixed(2)} (longest ${Math.max(...ours.ms.values()).toFixed(0)}), Readability ${readabilityMs.toFixed(2)}: ${(readabilityMs / oursMs).toFixed(1)} times as long`,
  );
  const [oursCpu, readabilityCpu] = [ours.cpuMs / ids.length, readability.cpuMs / ids.length];
  console.log(
    `processor time a page: ours ${oursCpu.toFixed(2)} ms, Readability ${readabilityCpu.toFixed(2)} ms: ${(readabilityCpu / oursCpu).toFixed(1)} times as long`,
  );
  console.log(
    `peak memory: ours ${ours.peakMb.toFixed(0)} MB, with Readability after it ${readability.peakMb.toFixed(0)} MB`,
  );
  console.log(`Words of the known texts, ours and ICU's:\n${compareWordCounts(values.corpus, truths)}`);
  if (values.json === undefined) return;
  const rows = ids.map((id) => {
    const article = found.get(id);
    return [
      id,
      {
        words: article?.words,
        ms: ours.ms.get(id),
        confidence: article?.confidence,
        reason: article?.unknown ?? article?.from,
      },
    ];
  });
  writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(rows), null, 1)}\n`);
};

bench(readTruths(values.corpus));

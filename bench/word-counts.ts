/** How the words that this project counts differ from those of ICU (`Intl.Segmenter`), by language of a text. */
import Table from 'cli-table3';
import { countWords } from '../lib/core/count-words.ts';
import { readTexts, type Truth } from './corpus.ts';

type Row = { texts: number; icu: number; ours: number; different: number; ratios: number[] };

const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

const icuWords = (text: string): number => {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words++;
  return words;
};

const percent = (ratio: number): string => (ratio * 100).toFixed(2);

/** A table of the texts of corpora: by language, how many words there are by ICU and by `countWords`. */
export const compareWordCounts = (
  corpora: readonly string[],
  truths: Readonly<Record<string, Truth>>,
): string => {
  const rows = new Map<string, Row>();
  for (const [id, text] of Object.entries(readTexts(corpora))) {
    const language = truths[id]?.lang ?? '';
    const row = rows.get(language) ?? { texts: 0, icu: 0, ours: 0, different: 0, ratios: [] };
    rows.set(language, row);
    const [icu, ours] = [icuWords(text), countWords(text).words];
    row.texts++;
    row.icu += icu;
    row.ours += ours;
    if (icu !== ours) row.different++;
    row.ratios.push(Math.abs(ours - icu) / Math.max(1, icu));
  }
  const table = new Table({
    head: [
      'language',
      'texts',
      'words (ICU)',
      'ours',
      'difference %',
      'texts that differ',
      'most in a text %',
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const [language, { texts, icu, ours, different, ratios }] of [...rows].sort(
    ([, a], [, b]) => b.icu - a.icu,
  ))
    table.push([
      language,
      texts,
      icu,
      ours,
      percent((ours - icu) / Math.max(1, icu)),
      different,
      percent(Math.max(...ratios)),
    ]);
  return table.toString();
};

/** How much of a block is in the known text of its page: what the scorer is to learn. */

const SHINGLE = 3;
/** Two words that stand together in the text may also do so by chance. */
const PAIR_SHARE = 0.6;

/** Letters and digits in small runs; each Chinese or Japanese character is a run of its own. */
const runsOf = (text: string): string[] =>
  text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? [];

const shinglesOf = (runs: readonly string[], size: number): string[] =>
  runs.slice(0, Math.max(0, runs.length - size + 1)).map((_, at) => runs.slice(at, at + size).join(' '));

/** For short blocks whether the text has a line like it, for others the share of their shingles in it: 0 to 1. */
export const shareIn = (text: string): ((block: string) => number) => {
  const known = new Set(shinglesOf(runsOf(text), SHINGLE));
  const pairs = new Set(shinglesOf(runsOf(text), 2));
  const lines = new Set(text.split('\n').map((line) => runsOf(line).join(' ')));
  return (block) => {
    const runs = runsOf(block);
    if (runs.length === 0) return 0;
    if (lines.has(runs.join(' '))) return 1;
    if (runs.length < SHINGLE) return runs.length === 2 && pairs.has(runs.join(' ')) ? PAIR_SHARE : 0;
    const shingles = shinglesOf(runs, SHINGLE);
    return shingles.filter((shingle) => known.has(shingle)).length / shingles.length;
  };
};

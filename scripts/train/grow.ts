/** Grows trees: rows of numbers go to grow.py, scores and trees come back. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TreeTables } from '../../lib/article/decision-trees.ts';

/** Rows of `width` numbers, one after another, with what they are to give; a weight of 0: not learned from. */
export type Rows = {
  readonly width: number;
  readonly features: Float32Array;
  readonly labels: readonly number[];
  readonly weights: readonly number[];
  readonly folds: readonly number[];
};

export type Grown = {
  /** For each set of folds that was left out, the scores of the rows in these folds, and 0 for the others. */
  readonly scores: readonly Float64Array[];
  /** Without the last set. */
  readonly trees: TreeTables;
};

const tableOf = ({ width, features, labels, weights, folds }: Rows): Float32Array => {
  const table = new Float32Array(labels.length * (width + 3));
  for (let at = 0; at < labels.length; at++) {
    table.set(features.subarray(at * width, (at + 1) * width), at * (width + 3));
    table.set([labels[at] ?? 0, weights[at] ?? 0, folds[at] ?? 0], at * (width + 3) + width);
  }
  return table;
};

/** Grows trees on all rows but those of some folds, for each set of folds. */
export const grow = (rows: Rows, options: object, without: readonly (readonly number[])[]): Grown => {
  const directory = mkdtempSync(join(tmpdir(), 'train-'));
  try {
    writeFileSync(join(directory, 'trees.f32'), Buffer.from(tableOf(rows).buffer));
    const script = join(import.meta.dirname, 'grow.py');
    const python = process.env.PYTHON ?? 'python3';
    const given = JSON.stringify({ width: rows.width, without, ...options });
    const { status } = spawnSync(python, [script, directory, 'trees', given], { stdio: 'inherit' });
    if (status !== 0)
      throw new Error(`${python} could not grow the trees: pip install -r scripts/train/requirements.txt`);
    const bytes = readFileSync(join(directory, 'trees.scores'));
    const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const count = rows.labels.length;
    return {
      scores: without.map((_, at) => all.subarray(at * count, (at + 1) * count)),
      trees: JSON.parse(readFileSync(join(directory, 'trees.json'), 'utf8')) as TreeTables,
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
};

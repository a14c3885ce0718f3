/** Sums of small decision trees: how a learned scorer is kept and applied. */

/**
 * Trees as they are stored: numbers with a space between, one a node, each tree in pre-order. The left branch of a
 * node is the next node, the right one `skips` nodes on. A node with `skips` 0 is a leaf, and its `thresholds`
 * entry the leaf's value.
 */
export type TreeTables = {
  /** Length of a row. */
  readonly width: number;
  /** Where each tree begins. */
  readonly roots: string;
  readonly columns: string;
  readonly thresholds: string;
  readonly skips: string;
};

/** Gives the score of each row: 0 to 1. @param rows one row of `width` numbers after another */
export type ScoreRows = (rows: Float64Array) => Float64Array;

const numbersIn = (text: string): number[] => text.split(' ').map(Number);

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

/** One column of a table after another, so that what is asked one after the other is near in memory. */
const transposed = (rows: Float64Array, width: number): Float64Array => {
  const count = rows.length / width;
  const columns = new Float64Array(rows.length);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++)
      columns[column * count + row] = rows[row * width + column] as number;
  }
  return columns;
};

/** Prepares trees for scoring. @throws RangeError if rows are not as wide as those the trees were grown on */
export const loadTrees = (tables: TreeTables): ScoreRows => {
  const columns = Uint16Array.from(numbersIn(tables.columns));
  const thresholds = Float64Array.from(numbersIn(tables.thresholds));
  const skips = Uint16Array.from(numbersIn(tables.skips));
  const roots = Uint16Array.from(numbersIn(tables.roots));
  const { width } = tables;

  /** By node twice: where to go if the value is at most the threshold, and if it is more. A leaf leads to itself. */
  const next = Uint16Array.from({ length: skips.length * 2 }, (_, at) => {
    const node = at >> 1;
    const skip = skips[node] as number;
    if (skip === 0) return node;
    return node + (at % 2 === 0 ? 1 : skip);
  });
  const depthOf = (node: number): number => {
    const skip = skips[node] as number;
    return skip === 0 ? 0 : 1 + Math.max(depthOf(node + 1), depthOf(node + skip));
  };
  const depths = Uint8Array.from(roots, depthOf);

  return (rows) => {
    if (rows.length % width !== 0) throw new RangeError(`rows are not ${width} wide: train the model again`);
    const count = rows.length / width;
    const columnsOfRows = transposed(rows, width);
    const sums = new Float64Array(count);
    const nodes = new Uint16Array(count);
    // All rows one step down a tree at a time, with no branch in between: half the time of one row after another.
    roots.forEach((root, tree) => {
      nodes.fill(root);
      for (let left = depths[tree] as number; left > 0; left--) {
        for (let row = 0; row < count; row++) {
          const node = nodes[row] as number;
          const value = columnsOfRows[(columns[node] as number) * count + row] as number;
          nodes[row] = next[2 * node + Number(value > (thresholds[node] as number))] as number;
        }
      }
      for (let row = 0; row < count; row++)
        sums[row] = (sums[row] as number) + (thresholds[nodes[row] as number] as number);
    });
    return sums.map(logistic);
  };
};

/** A table of numbers that is filled row by row, each row as wide as the first: what trees score. */
export type FeatureRows = {
  readonly put: (value: number) => void;
  /** What was put, one row after another. */
  readonly values: () => Float64Array;
};

/** @param maxValues room for that many values, over all rows */
export const newFeatureRows = (maxValues: number): FeatureRows => {
  const table = new Float64Array(maxValues);
  let length = 0;
  return {
    put(value) {
      table[length++] = value;
    },
    values: () => table.subarray(0, length),
  };
};

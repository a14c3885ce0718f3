/** Sums of small decision trees: how a learned scorer is kept and applied. */

/**
 * Trees as they are kept: numbers with a space between, one a node, each tree in pre-order. The left branch of a node is the next node,
 * the right one `skips` nodes on. A node with `skips` 0 is a leaf, and its `thresholds` entry the leaf's value.
 */
export type KeptTrees = {
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

/** Makes trees ready for use. @throws RangeError if rows are not as wide as those the trees were grown on */
export const plant = (kept: KeptTrees): ScoreRows => {
  const columns = Uint16Array.from(numbersIn(kept.columns));
  const thresholds = Float64Array.from(numbersIn(kept.thresholds));
  const skips = Uint16Array.from(numbersIn(kept.skips));
  const roots = Uint16Array.from(numbersIn(kept.roots));
  const { width } = kept;

  const leafOf = (rows: Float64Array, from: number, root: number): number => {
    let node = root;
    let skip = skips[node] as number;
    while (skip > 0) {
      node += (rows[from + (columns[node] as number)] as number) <= (thresholds[node] as number) ? 1 : skip;
      skip = skips[node] as number;
    }
    return thresholds[node] as number;
  };

  return (rows) => {
    if (rows.length % width !== 0) throw new RangeError(`rows are not ${width} wide: train the model again`);
    const sums = new Float64Array(rows.length / width);
    // All rows down one tree before the next: a tree fits into the nearest cache, all of them do not.
    for (const root of roots) {
      for (let row = 0; row < sums.length; row++)
        sums[row] = (sums[row] as number) + leafOf(rows, row * width, root);
    }
    return sums.map(logistic);
  };
};

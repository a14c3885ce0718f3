/** Logistic regression with a ridge, by Newton's method. */

/** Steps; it stands still after about eight. */
const STEPS = 25;
/** On the weights of numbers that have been scaled to a variance of 1. */
const RIDGE = 3;

export type Example = { readonly values: readonly number[]; readonly label: 0 | 1 };

/** For the numbers as they are. */
export type Regression = { readonly bias: number; readonly weights: readonly number[] };

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const product = (a: readonly number[], b: readonly number[]): number =>
  sumOf(a.map((value, at) => value * (b[at] as number)));
const logistic = (value: number): number => 1 / (1 + Math.exp(-value));

/** How likely the label is 1. */
export const chanceBy = ({ bias, weights }: Regression, values: readonly number[]): number =>
  logistic(bias + product(values, weights));

/** Solves `matrix x = right` by elimination; the matrix is symmetric and positive. */
const solve = (matrix: readonly number[][], right: readonly number[]): number[] => {
  const rows = matrix.map((row, at) => [...row, right[at] as number]);
  rows.forEach((pivot, at) => {
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[at] as number) / (pivot[at] as number);
      pivot.forEach((value, column) => {
        if (column >= at) row[column] = (row[column] as number) - factor * value;
      });
    }
  });
  return rows.map((row, at) => (row[rows.length] as number) / (row[at] as number));
};

/** One step of Newton's method: how the weights change. @param rows with a 1 at the end, which weighs as much as it likes */
const stepFrom = (weights: readonly number[], rows: readonly Example[]): number[] => {
  const ridges = weights.map((_, at) => (at < weights.length - 1 ? RIDGE : 0));
  const gradient = weights.map((weight, at) => -(ridges[at] as number) * weight);
  const curvature = weights.map((_, at) =>
    weights.map((__, other) => (at === other ? (ridges[at] as number) : 0)),
  );
  for (const { values, label } of rows) {
    const chance = logistic(product(values, weights));
    values.forEach((value, at) => {
      gradient[at] = (gradient[at] as number) + (label - chance) * value;
      const row = curvature[at] as number[];
      values.forEach((other, column) => {
        row[column] = (row[column] as number) + chance * (1 - chance) * value * other;
      });
    });
  }
  return solve(curvature, gradient);
};

/** Fits weights that are kept small. */
export const fitTo = (examples: readonly Example[]): Regression => {
  const columns =
    examples[0]?.values.map((_, at) => examples.map(({ values }) => values[at] as number)) ?? [];
  const means = columns.map((column) => sumOf(column) / column.length);
  const scales = columns.map(
    (column, at) =>
      Math.sqrt(sumOf(column.map((value) => (value - (means[at] as number)) ** 2)) / column.length) || 1,
  );
  const scaled = examples.map(({ values, label }) => ({
    values: [...values.map((value, at) => (value - (means[at] as number)) / (scales[at] as number)), 1],
    label,
  }));
  let weights = [...means.map(() => 0), 0];
  for (let step = 0; step < STEPS; step++) {
    const change = stepFrom(weights, scaled);
    weights = weights.map((weight, at) => weight + (change[at] as number));
  }
  const own = scales.map((scale, at) => (weights[at] as number) / scale);
  return { weights: own, bias: (weights.at(-1) as number) - product(own, means) };
};

/** A table of numbers that is filled row by row, each row as wide as the first. */
export type Rows = {
  readonly put: (value: number) => void;
  /** What was put, one row after another. */
  readonly values: () => Float64Array;
};

/** @param most values that there may be at the most */
export const newRows = (most: number): Rows => {
  const table = new Float64Array(most);
  let length = 0;
  return {
    put(value) {
      table[length++] = value;
    },
    values: () => table.subarray(0, length),
  };
};

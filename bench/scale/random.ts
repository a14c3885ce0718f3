export type Random = {
  /** From 0 up to, but not, `below`; default: 1. */
  uniform(below?: number): number;
  /** How many times the usual time something takes: half of all less than 1, of which `sigma` is the spread. */
  slowness(sigma: number): number;
};

/** Numbers that look random and are the same for the same `seed`: mulberry32, which has a period of 2^32. */
export function random(seed: number): Random {
  let state = seed;
  function uniform(below = 1): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below;
  }
  return {
    uniform,
    slowness(sigma) {
      if (sigma === 0) return 1;
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return Math.exp(sigma * normal);
    },
  };
}

/** What a test has shown: docs/reliability.md counts it by `end`. `positions`: how many runs, each with the fault at another call or moment. */
export type Proof = {
  readonly fault: string;
  readonly when: string;
  readonly positions: number;
  readonly end: string;
};

const proofs: Proof[] = [];

/** Notes what a test has shown. */
export function proven(proof: Proof): void {
  proofs.push(proof);
}

export function allProven(): readonly Proof[] {
  return proofs;
}

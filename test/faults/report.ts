/** What a test has shown: a row of docs/reliability.md. */
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

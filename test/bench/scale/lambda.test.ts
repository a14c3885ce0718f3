import assert from 'node:assert/strict';
import { lambdaFunction } from '../../../bench/scale/lambda.ts';

const LIMITS = { concurrency: 3, environmentsIn10S: 1000, idleMs: 300_000 };

describe('a function in the simulated Lambda', () => {
  it('makes an environment for each run at once, and has no more than the quota', () => {
    const lambda = lambdaFunction(LIMITS);
    assert.deepEqual(
      [0, 0, 0, 0].map((at) => lambda.begin(at)),
      ['cold', 'cold', 'cold', 'throttled'],
    );
    assert.equal(lambda.running, 3);
  });

  it('runs again in an environment that is there, until it has been idle for too long', () => {
    const lambda = lambdaFunction(LIMITS);
    lambda.begin(0);
    lambda.end(1000);
    assert.equal(lambda.begin(301_000), 'warm');
    lambda.end(302_000);
    assert.equal(lambda.begin(602_001), 'cold');
  });

  it('keeps the environment that was used last, and lets the others go', () => {
    const lambda = lambdaFunction(LIMITS);
    for (const at of [0, 0]) lambda.begin(at);
    for (const at of [1000, 2000]) lambda.end(at);
    lambda.begin(3000);
    lambda.end(4000);
    assert.equal(lambda.begin(301_500), 'warm');
    assert.equal(lambda.begin(301_500), 'cold');
  });

  it('makes so many environments in 10 s, and saves none up', () => {
    const lambda = lambdaFunction({ concurrency: 1000, environmentsIn10S: 10, idleMs: 1 });
    const begun = (atMs: number) => Array.from({ length: 20 }, () => lambda.begin(atMs));
    const cold = (atMs: number) => begun(atMs).filter((how) => how === 'cold').length;
    assert.equal(cold(0), 10);
    assert.equal(cold(5000), 5);
    assert.equal(cold(1_000_000), 10);
  });
});

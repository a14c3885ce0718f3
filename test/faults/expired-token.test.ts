import assert from 'node:assert/strict';
import type { Fault } from '../helpers/faults.ts';
import { CREDENTIALS } from '../helpers/pocket.ts';
import type { FaultyCall } from '../helpers/test-pocket.ts';
import { proven } from './report.ts';
import { attempt, endOf, recovers, startWorld, type Tags, undisturbed, type World } from './world.ts';

/** A server that takes another token from the n-th call on. */
const expiringAt =
  ({ server }: World, n: number, alsoThen: () => void) =>
  (call: FaultyCall): Fault | undefined => {
    if (call.n !== n) return undefined;
    server.setCredentials({ ...CREDENTIALS, accessToken: 'new' });
    alsoThen();
    return undefined;
  };

const REFUSALS = [
  ['401', false],
  ['a refusal inside HTTP 200', true],
] as const;

describe('a token that expires in the middle of a run', () => {
  let right: Tags;
  let calls: number;
  before(async () => {
    ({ tags: right, calls } = await undisturbed());
  });

  for (const [how, refusesInside200] of REFUSALS) {
    const start = () => startWorld(undefined, { refusesInside200 });

    it(`as if nothing where the new one is kept as a secret: ${how}, at every call`, async () => {
      for (let n = 1; n <= calls; n += 1) {
        const world = await start();
        world.fault = expiringAt(world, n, () => {
          world.environment.POCKET_TOKEN = 'new';
        });
        const run = await attempt(world, { remembersSecrets: true });
        assert.equal(endOf(run), 'as if nothing');
        assert.deepEqual(world.tags(), right);
        // Beside the call that was refused there may be one that was on its way.
        const more = world.server.callCount() - calls;
        assert.ok(more === 1 || more === 2, `${more} calls more, at call ${n}`);
        await recovers(world, right);
        await world.close();
      }
      const fault = `the token expires, the new one is kept: ${how}`;
      proven({ fault, when: 'once', positions: calls, end: 'as if nothing' });
    });

    it(`credentials where it is not: ${how}, at every call`, async () => {
      let final = 0;
      for (let n = 1; n <= calls; n += 1) {
        const world = await start();
        world.fault = expiringAt(world, n, () => {});
        const run = await attempt(world, { remembersSecrets: true });
        assert.equal(endOf(run), 'credentials');
        assert.equal(run.mostTries, 1, 'a refused request is not sent again');
        const refused = world.server.callCount() - n + 1;
        assert.ok(refused <= 2, `${refused} calls with a token that is not accepted, from call ${n} on`);
        final += 1;
        world.environment.POCKET_TOKEN = 'new';
        await recovers(world, right);
        await world.close();
      }
      const fault = `the token expires, no new one is kept: ${how}`;
      proven({ fault, when: 'from there on', positions: final, end: 'credentials' });
    });
  }
});

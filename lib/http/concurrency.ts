import pLimit from 'p-limit';
import type { Request } from './request.ts';

/** To one service: most of them are small servers at home. */
export const MAX_IN_FLIGHT = 2;

/**
 * A `Request` that is never under way more than twice at once, from its first try to its last: one that waits before
 * it is repeated keeps its place, since a service in trouble is helped by no other. The others wait their turn, in
 * order; those whose deadline is over by then are not sent.
 */
export function limitConcurrency(request: Request): Request {
  const inTurn = pLimit(MAX_IN_FLIGHT);
  return (spec) => inTurn(() => request(spec));
}

import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Fault } from '../../../lib/pocket-server/faults.ts';
import type { FakeItem } from './fake-service.ts';

/** What a fake runs on. */
export type Node = { Bindings: HttpBindings };

/** What goes wrong with the n-th call, from 1: a fault, or just another answer; `undefined`: nothing. */
export type FaultAt = (call: { n: number; method: string; path: string }) => Fault | Response | undefined;

/** Answers a call by `carryOut`, or does whatever of this the fault leaves. */
export async function withFault(
  found: Fault | Response | undefined,
  context: Context<Node>,
  items: readonly FakeItem[],
  carryOut: () => Promise<void>,
): Promise<void> {
  if (found === undefined) return carryOut();
  if (!('kind' in found)) {
    context.res = found;
    return;
  }
  const before = items.map(({ tags }) => tags);
  const isDone = 'done' in found ? found.done : !['answer', 'reset', 'hang'].includes(found.kind);
  if (isDone) await carryOut();
  if (found.kind === 'forget') for (const [at, item] of items.entries()) item.tags = before[at] ?? [];
  context.res = await spoiled(found, context);
}

/** What is left of the answer. */
async function spoiled(fault: Fault, context: Context<Node>): Promise<Response> {
  const { status, headers } = context.res;
  if (fault.kind === 'answer') return answerOf(fault.answer);
  if (fault.kind === 'reset') context.env.incoming.socket.resetAndDestroy();
  if (fault.kind === 'reset' || fault.kind === 'hang') return RESPONSE_ALREADY_SENT;
  const text = await context.res.clone().text();
  if (fault.kind === 'truncate')
    return new Response(text.slice(0, Math.floor(text.length / 2)), { status, headers });
  if (fault.kind === 'change') return Response.json(fault.change(JSON.parse(text)), { status });
  return context.res;
}

function answerOf({ status, headers, body }: Extract<Fault, { kind: 'answer' }>['answer']): Response {
  return typeof body === 'string'
    ? new Response(body, { status, headers })
    : Response.json(body, { status, headers });
}

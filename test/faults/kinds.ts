import type { FailureKind } from '../../lib/failure.ts';
import { type Fault, faults } from '../helpers/faults.ts';

/**
 * How a run ends. `as if nothing`: complete, and the list right at once. `unsure`: complete, and items of which
 * the service did not say count as failed. `stopped`: by a limit on calls. Else the kind of its failure.
 */
export type RunEnd = 'as if nothing' | 'unsure' | 'stopped' | FailureKind;

export type FaultKind = {
  readonly name: string;
  readonly fault: Fault;
  /** Only where this endpoint is called. */
  readonly only?: 'get' | 'send';
  /** When it happens once, and when it happens at every call from there on. */
  readonly once: RunEnd;
  readonly always: RunEnd;
  /** How often one and the same request may be sent while the fault lasts. */
  readonly tries: 1 | 4 | 8;
};

const after = (fault: Fault): Fault => ({ ...fault, done: true }) as Fault;
const passing = (name: string, fault: Fault): FaultKind => {
  return { name, fault, once: 'as if nothing', always: 'unavailable', tries: 4 };
};
/** As if the service were down: it may be starting again. */
const down = (name: string, fault: Fault): FaultKind => ({ ...passing(name, fault), tries: 8 });
const ending = (name: string, fault: Fault, end: RunEnd): FaultKind => {
  return { name, fault, once: end, always: end, tries: 1 };
};
const final = (name: string, fault: Fault, kind: FailureKind) => ending(name, fault, kind);
const stopping = (name: string, fault: Fault) => ending(name, fault, 'stopped');
const unsure = (name: string, fault: Fault): FaultKind => {
  return { ...ending(name, fault, 'unsure'), only: 'send', tries: 4 };
};
const status = (code: number, body: unknown, headers = {}): Fault => {
  return { kind: 'answer', answer: { status: code, headers, body } };
};
const changed = (fields: object): Fault => ({
  kind: 'change',
  change: (body) => ({ ...(body as object), ...fields }),
});
const half = (body: unknown) => {
  const { action_results: slots = [], ...rest } = body as { action_results?: unknown[] };
  return { ...rest, action_results: slots.slice(0, Math.floor(slots.length / 2)) };
};

export const KINDS: readonly FaultKind[] = [
  passing('500', faults.internalError()),
  passing('500 after the work was done', after(faults.internalError())),
  down('503', faults.maintenance()),
  { ...down('503 with Retry-After', faults.maintenance(0)), always: 'stopped' },
  stopping('503 with a Retry-After of an hour', faults.maintenance(3600)),
  { ...down('403, the limit reached, reset at once', faults.rateLimited(0)), always: 'stopped' },
  stopping('403, the limit reached for an hour', faults.rateLimited(3600)),
  final('403 without permission', faults.noPermission(), 'credentials'),
  final('401', faults.tokenRefused(), 'credentials'),
  final('a refusal inside HTTP 200', faults.refusedInside200(), 'credentials'),
  final('400', status(400, { error: 'Bad request' }), 'unexpected-response'),
  final('404', status(404, 'Not found'), 'settings'),
  final('a redirect', status(302, '', { Location: '/v3/other' }), 'unexpected-response'),
  { ...final('413', faults.tooLarge(), 'unexpected-response'), once: 'as if nothing' },
  passing('an error inside HTTP 200', faults.errorInside200()),
  passing('HTML instead of JSON', faults.html()),
  passing('HTML instead of JSON after the work was done', after(faults.html())),
  passing('half an answer', { kind: 'truncate' }),
  { ...final('a list of the wrong type', changed({ list: 5 }), 'unexpected-response'), only: 'get' },
  {
    ...final('results of the wrong type', changed({ action_results: 'yes' }), 'unexpected-response'),
    only: 'send',
  },
  down('reset before the work was done', { kind: 'reset' }),
  down('reset after the work was done', { kind: 'reset', done: true }),
  down('an answer that never comes', { kind: 'hang' }),
  down('an answer that never comes after the work was done', { kind: 'hang', done: true }),
  { ...passing('a slow answer', { kind: 'slow', delayMs: 5 }), always: 'as if nothing' },
  unsure('half of action_results', { kind: 'change', change: half }),
  unsure('empty action_results', changed({ action_results: [] })),
];

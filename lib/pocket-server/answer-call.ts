import { add } from './add.ts';
import { type Answer, internalError, refusal } from './answer.ts';
import { type Credentials, refuse } from './credentials.ts';
import type { Fault } from './faults.ts';
import { get } from './get.ts';
import type { limiter } from './limits.ts';
import type { Params } from './params.ts';
import type { Era, NamedAction, Quirks } from './quirks.ts';
import { refusedActions, send } from './send.ts';
import type { Store } from './store.ts';

export type Endpoint = 'get' | 'add' | 'send';

type Asked = {
  readonly endpoint: Endpoint;
  readonly params: Params;
  /** Told of every action that took effect. */
  readonly carriedOut: (done: NamedAction) => void;
};

export type Pocket = {
  readonly store: Store;
  readonly era: Era;
  readonly quirks: Quirks;
  readonly limit: ReturnType<typeof limiter> | undefined;
  readonly credentials: () => Credentials;
};

function work({ store, era, quirks, credentials }: Pocket, { endpoint, params, carriedOut }: Asked): Answer {
  const refused = refuse(params, credentials(), store);
  if (refused?.what === 'token' && quirks.refusedInside200)
    return endpoint === 'send' ? refusedActions(params) : refusal(200, 5200, 'Not authorized');
  if (refused) return refused.answer;
  if (endpoint === 'send') return send(store, params, era, quirks, carriedOut);
  return endpoint === 'add' ? add(store, params) : get(store, params, era, quirks);
}

function limited(pocket: Pocket, asked: Asked): Answer {
  const spent = pocket.limit?.spend();
  const answer = spent?.allowed === false ? rateLimited() : work(pocket, asked);
  return { ...answer, headers: { ...answer.headers, ...spent?.headers } };
}

/** 403, without an `X-Error-Code`: the limit headers say why. */
const rateLimited = (): Answer => ({
  status: 403,
  headers: { 'X-Error': 'User was rate limited.' },
  body: { error: 'User was rate limited.' },
});

const forgotten = Symbol('thrown to undo what was carried out, once the answer is made');

function forgetful(pocket: Pocket, asked: Asked): Answer {
  let answer = internalError();
  try {
    pocket.store.transaction(() => {
      answer = limited(pocket, { ...asked, carriedOut: () => {} });
      throw forgotten;
    });
  } catch (error) {
    if (error !== forgotten) throw error;
  }
  return answer;
}

/** What is left of an answer; undefined: nothing. */
function spoil(fault: Fault, answer: Answer): Answer | undefined {
  if (fault.kind === 'answer') return fault.answer;
  if (fault.kind === 'reset' || fault.kind === 'hang') return undefined;
  if (fault.kind === 'change') return { ...answer, body: fault.change(answer.body) };
  if (fault.kind !== 'truncate') return answer;
  const text = JSON.stringify(answer.body);
  const headers = { ...answer.headers, 'Content-Type': 'application/json' };
  return { ...answer, headers, body: text.slice(0, Math.floor(text.length / 2)) };
}

/** Carries a call out and answers it, or does whatever of this `fault` leaves; undefined: no answer. */
export function answerCall(pocket: Pocket, asked: Asked, fault: Fault | undefined): Answer | undefined {
  if (!fault) return limited(pocket, asked);
  if (fault.kind === 'forget') return forgetful(pocket, asked);
  const done = 'done' in fault ? fault.done : !['answer', 'reset', 'hang'].includes(fault.kind);
  return spoil(fault, done ? limited(pocket, asked) : internalError());
}

import { type Action, readAction } from './action.ts';
import { addedItem } from './add.ts';
import { type Answer, badRequest, internalError, ok } from './answer.ts';
import { carryOut, type Outcome } from './carry-out.ts';
import type { Params } from './params.ts';
import type { Era, NamedAction, Quirks } from './quirks.ts';
import type { Store } from './store.ts';

/** `actions` as a client sends it: an array, or JSON of one, which may be URL-encoded once too often. */
function parseActions(sent: unknown): unknown {
  if (typeof sent !== 'string' || sent === '') return sent;
  try {
    return JSON.parse(sent);
  } catch {
    return JSON.parse(decodeURIComponent(sent));
  }
}

const named = ({ action, ref, tags }: Action): NamedAction => ({
  action,
  item: ref && ('url' in ref ? ref.url : ref.item_id),
  tags,
});

function answerFor(outcomes: readonly Outcome[], era: Era, quirks: Quirks): Answer {
  const results = outcomes.map((outcome) => {
    if (outcome === true) return true;
    return 'item' in outcome ? addedItem(outcome.item) : false;
  });
  const errors = outcomes.map((outcome) => (outcome !== true && 'error' in outcome ? outcome.error : null));
  return ok({
    status: era === 'A' && results.includes(false) ? 0 : 1,
    action_results: quirks.actionResults === 'none' ? [] : results,
    ...(quirks.actionErrors && { action_errors: errors }),
  });
}

/** The answer of era B to `send` with a token that it refuses: nothing done, every slot says so. */
export function refusedActions(params: Params): Answer {
  const error = { message: 'Not authorized', type: 'Forbidden', code: 5200 };
  const actions = parseActions(params.actions);
  const sent = Array.isArray(actions) ? actions : [];
  return ok({ status: 1, action_errors: sent.map(() => error), action_results: sent.map(() => false) });
}

const failed: Outcome = {
  error: { message: 'Internal Server Error', type: 'Internal Server Error', code: 198 },
};

/**
 * /v3/send: checks every action before the first is carried out, then each stands for itself. All of it is
 * one transaction, so a kill in the middle leaves nothing half done.
 * @param carriedOut told of every action that took effect
 */
export function send(
  store: Store,
  params: Params,
  era: Era,
  quirks: Quirks,
  carriedOut: (action: NamedAction) => void,
): Answer {
  let sent: unknown;
  try {
    sent = parseActions(params.actions);
  } catch {
    return internalError();
  }
  if (!Array.isArray(sent) || sent.length === 0) return badRequest('Missing actions', sent);
  const actions: Action[] = [];
  for (const one of sent) {
    const action = readAction(one);
    if (typeof action === 'string') return badRequest(action, one);
    actions.push(action);
  }
  const now = Math.floor(Date.now() / 1000);
  const outcomes = store.transaction(() =>
    actions.map((action) => (quirks.fails(named(action)) ? failed : carryOut(store, action, now))),
  );
  for (const [at, action] of actions.entries()) {
    const outcome = outcomes[at];
    const done = outcome === true || (outcome !== undefined && 'item' in outcome);
    if (done) carriedOut(named(action));
  }
  return answerFor(outcomes, era, quirks);
}

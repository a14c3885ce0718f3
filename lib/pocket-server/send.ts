import { addedItem } from './add.ts';
import { type Action, applyAction, type Outcome, type RawAction, readAction } from './apply-action.ts';
import type { Params } from './http.ts';
import { badRequest, internalError, invalidParam, type Location, ok, type PocketResponse } from './http.ts';
import type { Store } from './store.ts';

/**
 * Parses `actions`: an array, or JSON of one, possibly URL-encoded twice. Throws for invalid JSON.
 * @internal
 */
export function parseActions(sent: unknown): unknown {
  if (typeof sent !== 'string' || sent === '') return sent;
  try {
    return JSON.parse(sent);
  } catch (error) {
    if (!sent.startsWith('%')) throw error;
    return JSON.parse(decodeURIComponent(sent));
  }
}

const isActionList = (sent: unknown): sent is RawAction[] =>
  Array.isArray(sent) &&
  sent.length > 0 &&
  sent.every((one) => typeof one?.action === 'string' && one.action);

function resultOf(outcome: Outcome): unknown {
  if (outcome === true) return true;
  return 'item' in outcome ? addedItem(outcome.item) : false;
}

const errorOf = (outcome: Outcome) => (outcome !== true && 'error' in outcome ? outcome.error : null);

/**
 * /v3/send: validates all actions, then applies each, in one transaction. An action that fails does not affect the
 * others.
 */
export function send(store: Store, params: Params, location: Location): PocketResponse {
  let sent: unknown;
  try {
    sent = parseActions(params.actions);
  } catch (error) {
    return internalError(error instanceof Error ? error.message : undefined);
  }
  if (!isActionList(sent)) return invalidParam(location, 'actions', sent);
  const actions: Action[] = [];
  for (const one of sent) {
    const action = readAction(one);
    if (typeof action === 'string') return badRequest(action);
    actions.push(action);
  }
  const now = Math.floor(Date.now() / 1000);
  const outcomes = store.transaction(() => actions.map((action) => applyAction(store, action, now)));
  return ok({ status: 1, action_errors: outcomes.map(errorOf), action_results: outcomes.map(resultOf) });
}

import type { MiddlewareHandler } from 'hono';
import { type RawAction, readAction } from '../../lib/pocket-server/apply-action.ts';
import type { Params, PocketEnv } from '../../lib/pocket-server/http.ts';
import { parseActions } from '../../lib/pocket-server/send.ts';
import {
  type PocketServer,
  type PocketServerOptions,
  startPocketServer,
} from '../../lib/pocket-server/server.ts';
import type { ItemRef, Store } from '../../lib/pocket-server/store.ts';
import { type Fault, replace, withFault } from './faults.ts';

/** The call that is about to be answered: `n` counts all calls from 1; `body` is without the credentials. */
export type FaultyCall = { readonly n: number; readonly endpoint: string; readonly body: Params };

/** One call, as the server saw it. */
export type PocketCall = {
  readonly n: number;
  readonly endpoint: string;
  /** As sent, without the credentials. */
  readonly params: Params;
  /** Undefined: no answer was given. */
  readonly status: number | undefined;
  /** What `send` changed, also where the client does not learn of it. `item`: the id, or the URL it was named by. */
  readonly carriedOut: readonly { readonly action: string; readonly item: string }[];
};

export type TestPocketOptions = Omit<PocketServerOptions, 'middleware'> & {
  /** Called before each call; may also change the store, as a reader might during a run. */
  readonly fault?: (call: FaultyCall) => Fault | undefined;
  /** B, the default: Pocket's last servers, 2024 to 2025. A: the PHP servers before them, as far as a tagger notices. */
  readonly era?: 'A' | 'B';
  /** Called with the consumer key and the access token of each call, which its log has not. */
  readonly onCredentials?: (key: unknown, token: unknown) => void;
  /** A refused token is HTTP 200 with `{"error":"Not authorized"}`, or one error per action, as from Pocket's last servers. */
  readonly refusesInside200?: boolean;
  /** Flags mean true only as `"1"`, `"true"` or true, as to Pocket's last servers: the number 1 means false. */
  readonly strictFlags?: boolean;
  /** Pages are cut to so many items whatever `count` is sent: to 30, as Pocket documented and did for some clients. */
  readonly mostItems?: number;
  /** Said in headers, not enforced. */
  readonly callsPerHour?: number;
  /** Whether `calls` are kept, for as long as the server runs. */
  readonly keepsCalls?: boolean;
};

export type TestPocket = PocketServer & {
  /** A test that makes many may remove them. */
  readonly calls: PocketCall[];
  /** How many calls there were, kept or not. */
  callCount(): number;
  /** Maximum number of concurrent calls so far. */
  maxInFlight(): number;
};

/** Starts this project's Pocket server with faults and a log of calls. */
export async function startTestPocket(options: TestPocketOptions): Promise<TestPocket> {
  const { store, keepsCalls = true, era } = options;
  // What Pocket documented.
  const { callsPerHour = era === 'A' ? 320 : undefined } = options;
  const calls: PocketCall[] = [];
  let callCount = 0;
  let inFlight = 0;
  let maxInFlight = 0;

  const middleware: MiddlewareHandler<PocketEnv> = async (context, next) => {
    callCount += 1;
    const n = callCount;
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    const endpoint = context.req.path.slice('/v3/'.length);
    const sent = context.var.params;
    const { consumer_key: key, access_token: token, ...params } = sent;
    options.onCredentials?.(key, token);
    const { mostItems = Number.POSITIVE_INFINITY, strictFlags } = options;
    context.set('params', { ...sent, ...cutCount(sent, mostItems), ...(strictFlags && weakFlags(sent)) });
    const fault = options.fault?.({ n, endpoint, body: params });
    let carriedOut: PocketCall['carriedOut'] = [];
    await withFault(fault, context, snapshotOf(store, params), async () => {
      await next();
      if (endpoint === 'send' && fault?.kind !== 'forget')
        carriedOut = await actionsDone(params, context.res);
      if (options.refusesInside200 && context.res.status === 401) replace(context, refusalInside200(params));
      if (era === 'A' && context.res.ok) replace(context, await asEraA(context.res));
    });
    inFlight -= 1;
    if (callsPerHour !== undefined) {
      context.header('X-Limit-User-Remaining', String(Math.max(0, callsPerHour - n)));
      context.header('X-Limit-User-Reset', '3600');
    }
    const isAnswered = fault?.kind !== 'reset' && fault?.kind !== 'hang';
    const status = isAnswered ? context.res.status : undefined;
    if (keepsCalls) calls.push({ n, endpoint, params, status, carriedOut });
  };

  const server = await startPocketServer({ ...options, middleware });
  return { ...server, calls, callCount: () => callCount, maxInFlight: () => maxInFlight };
}

const cutCount = ({ count = 30 }: Params, most: number): Params =>
  Number(count) > most ? { count: most } : {};

const weakFlags = (params: Params): Params =>
  Object.fromEntries(['favorite', 'total'].filter((name) => params[name] === 1).map((name) => [name, false]));

/** None where they cannot be read, for which the server answers an error. */
function actionsIn({ actions }: Params): readonly RawAction[] {
  try {
    const sent = parseActions(actions);
    return Array.isArray(sent) ? sent.filter((one) => typeof one?.action === 'string') : [];
  } catch {
    return [];
  }
}

const nameOf = (ref: ItemRef | undefined) => (ref && 'url' in ref ? ref.url : (ref?.item_id ?? ''));

async function actionsDone(params: Params, response: Response): Promise<PocketCall['carriedOut']> {
  if (!response.ok) return [];
  const { action_results: results } = (await response.clone().json()) as { action_results: unknown[] };
  return actionsIn(params).flatMap((sent, at) => {
    const action = readAction(sent);
    return results[at] && typeof action !== 'string'
      ? [{ action: action.action, item: nameOf(action.ref) }]
      : [];
  });
}

/** The tags of the items that a call is about. */
const snapshotOf = (store: Store, params: Params) => () => {
  const refs = actionsIn(params).flatMap((sent) => {
    const action = readAction(sent);
    return typeof action !== 'string' && action.ref ? [action.ref] : [];
  });
  const items = refs.flatMap((ref) => store.find(ref) ?? []);
  return () => {
    for (const { item_id, tags } of items) {
      store.clearTags(item_id);
      store.addTags(item_id, tags);
    }
  };
};

function refusalInside200(params: Params): Response {
  if (!('actions' in params)) {
    const headers = { 'X-Error-Code': '5200', 'X-Error': 'Forbidden' };
    return Response.json({ error: 'Not authorized' }, { headers });
  }
  const error = { message: 'Not authorized', type: 'Forbidden', code: 5200 };
  const actions = actionsIn(params);
  return Response.json({
    status: 1,
    action_errors: actions.map(() => error),
    action_results: actions.map(() => false),
  });
}

type Body = {
  list?: Record<string, { tags?: object; time_to_read?: number }>;
  action_results?: readonly unknown[];
};

/** An answer as era A gave it: what is unknown or empty is left out, an empty list is an array. */
async function asEraA(response: Response): Promise<Response> {
  const { list, action_results, ...rest } = (await response.json()) as Body;
  if (action_results)
    return Response.json({ status: action_results.includes(false) ? 0 : 1, action_results });
  if (!list) return Response.json(rest);
  const items = Object.entries(list).map(([id, { tags, time_to_read, ...item }]) => {
    const hasTags = tags && Object.keys(tags).length > 0;
    return [id, { ...item, ...(hasTags && { tags }), ...(time_to_read && { time_to_read }) }];
  });
  return Response.json({ ...rest, list: items.length === 0 ? [] : Object.fromEntries(items) });
}

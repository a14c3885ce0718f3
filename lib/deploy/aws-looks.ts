import type { Stage } from './stage.ts';

/** A connection takes well under a second, an answer about one: milliseconds. */
const CONNECTION_TIMEOUT_MS = 2000;
const IDLE_TIMEOUT_MS = 5000;
/** Maximum time of one look, with all its tries: milliseconds. */
const MAX_LOOK_MS = 20_000;

/**
 * What was asked of AWS: what it answered, `undefined` where what was asked for is not there; or why it could not be
 * looked at, as a name of AWS, such as `AccessDeniedException`.
 */
export type Look<Answer> =
  | { readonly found: Answer | undefined }
  | { readonly skipped: string; readonly error: unknown };

/** The options of a client of AWS; its endpoint and credentials come from the usual variables. */
export function clientOptions({ region, environment: { AWS_PROFILE: profile } }: Stage) {
  return {
    region,
    ...(profile && { profile }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
  };
}

/**
 * Asks AWS something that the operator may lack the permission for: a look that fails never prevents a deployment.
 * `absent`: the message of AWS for what is not there, where it has no `...NotFound...` of its own.
 */
export async function look<Answer>(
  ask: (options: { abortSignal: AbortSignal }) => Promise<Answer>,
  absent = /^never$/,
): Promise<Look<Answer>> {
  try {
    return { found: await ask({ abortSignal: AbortSignal.timeout(MAX_LOOK_MS) }) };
  } catch (error) {
    const { name = '', message = '', code = '' } = (error ?? {}) as Record<string, string>;
    if (/NotFound/.test(name) || absent.test(message)) return { found: undefined };
    // The message of AWS names who asked and is not repeated.
    const skipped = [code, name].find((word) => /^\w{1,60}$/.test(word)) ?? 'an unknown error';
    return { skipped, error };
  }
}

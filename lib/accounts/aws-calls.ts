import { Failure } from '../failure.ts';
import { factsOf, failureOfAccess, isAccessDenied, isNotFound } from '../secrets/aws-failure.ts';

/** A connection takes well under a second, an answer about one: milliseconds. */
const CONNECTION_TIMEOUT_MS = 2000;
const IDLE_TIMEOUT_MS = 10_000;
/** Tries of one call, the first included: of thousands of calls in a row, some are throttled several times. */
const MAX_TRIES = 8;

/** Where a stage is, and who calls. Region, profile, endpoint and credentials come from the usual variables of AWS. */
export type AwsPlace = { readonly region?: string | undefined; readonly profile?: string | undefined };

/** The options of a client that slows down by itself as far as AWS throttles it. */
export function clientOptions({ region, profile }: AwsPlace) {
  return {
    ...(region && { region }),
    ...(profile && { profile }),
    retryMode: 'adaptive',
    maxAttempts: MAX_TRIES,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
  };
}

/** What was asked of a service other than Secrets Manager. */
export type AwsCall = {
  /** How the sentence begins: `Account "anna"`. */
  readonly subject: string;
  /** The name of the service for people. */
  readonly service: string;
  /** What the call may need: `scheduler:GetSchedule`. */
  readonly actions: readonly string[];
  /** What of: the end of an ARN, such as `schedule/GROUP/*`; absent: AWS allows it of everything or nothing, as lists. */
  readonly resource?: string | undefined;
  /** Rejects where no region is set. */
  readonly region: () => Promise<string>;
  /** What is wrong where AWS has nothing of that name, with the remedy. */
  readonly absent: string;
};

/**
 * For `.catch`: rejects with the `Failure` for an error of AWS, which says what is missing; a `Failure` is rethrown. The
 * message of AWS is not repeated: it may contain what was sent.
 */
export function rejectCall(call: AwsCall): (error: unknown) => Promise<never> {
  return async (error) => {
    if (error instanceof Failure) throw error;
    const region = await call.region().catch(() => undefined);
    throw failureOf(error, call, region);
  };
}

function failureOf(error: unknown, call: AwsCall, region: string | undefined): Failure {
  const { subject, service, absent } = call;
  const { code, message } = factsOf(error);
  if (isNotFound(error)) return new Failure('settings', `${subject}: ${absent}`);
  if (isAccessDenied(error)) return new Failure('settings', deniedSentence(call, message, region));
  if (code === 'ServiceQuotaExceededException' || code === 'LimitExceededException')
    return new Failure(
      'unavailable',
      `${subject}: a quota of ${service} in ${region} is used up; ask for more under Service Quotas, or try again later`,
    );
  return (
    failureOfAccess(error, { subject, service }, region) ??
    new Failure(
      'unexpected-response',
      `${subject}: ${service} answered ${code}; look this name up in the documentation of AWS`,
    )
  );
}

/** Whoever makes a schedule also hands its role over, which is a permission of its own. */
function deniedSentence({ subject, actions, resource }: AwsCall, message: string, region = 'REGION'): string {
  const [service] = actions[0]?.split(':') ?? [];
  const statement = /iam:PassRole/.test(message)
    ? { Action: ['iam:PassRole'], Resource: 'the role that Scheduler has for these schedules' }
    : { Action: actions, Resource: resource ? `arn:aws:${service}:${region}:ACCOUNT:${resource}` : '*' };
  return `${subject}: access denied in ${region}; the role lacks ${JSON.stringify({ Effect: 'Allow', ...statement })}`;
}

import { Failure } from '../failure.ts';
import { clockProblem, utcNow } from '../http/clock.ts';
import { parseArn, setCommand } from './get-secret.ts';

/** A call to Secrets Manager that failed. */
export type FailedCall = {
  /** The secret's name. */
  readonly name: string;
  /** Actions of `secretsmanager` that the call needs. Default: those of reading. */
  readonly actions?: readonly string[];
  /** Rejects where no region is set. */
  readonly region: () => Promise<string>;
  /** When the secret will be deleted permanently; `undefined` if it will not. */
  readonly deletionDate: () => Promise<Date | undefined>;
};

const READ_ACTIONS = ['GetSecretValue', 'DescribeSecret'];
/** The AWS credentials of this process (not the secrets) were not found, have expired or are not valid. */
const OWN_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken(Exception)?|NotAuthorized)$/;
/** The connection could not be made, or broke. */
const NO_NETWORK =
  /^(TimeoutError|AbortError|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;
/** AWS takes a request within 5 minutes of its own time. The client corrects its clock by the answer, where it can. */
const WRONG_CLOCK = /^(RequestTimeTooSkewed|RequestExpired|RequestInTheFuture)$/;
const WRONG_CLOCK_MESSAGE = /signature (expired|not yet current)/i;
const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;

/**
 * The `Failure` for an error of Secrets Manager or of the connection to it; its message contains the remedy. AWS's own
 * message is not repeated: it may contain what was sent.
 *
 * @example
 * await failureOfAws({ name: 'ResourceNotFoundException' }, call);
 * // credentials: Secret "POCKET_KEY": not found in eu-central-1; create it with: npm run secrets -- set ...
 */
export async function failureOfAws(error: unknown, call: FailedCall): Promise<Failure> {
  const facts = factsOf(error);
  const region = await call.region().catch(() => undefined);
  return (
    (await failureOfSecret(facts, call, region)) ??
    failureOfAccess(error, inSecretsManager(call.name), region) ??
    new Failure(
      'unexpected-response',
      `Secret "${call.name}": Secrets Manager answered ${facts.code}; look this name up in the documentation of AWS`,
    )
  );
}

type Facts = ReturnType<typeof factsOf>;

/** A failure about the secret itself, or about the permissions for it. */
async function failureOfSecret(
  { code, message }: Facts,
  call: FailedCall,
  region: string | undefined,
): Promise<Failure | undefined> {
  const { name } = call;
  if (code === 'ResourceNotFoundException') {
    return credentials(notFoundSentence(name, region));
  }
  if (/^DecryptionFailure(Exception)?$/.test(code) || (isDenied(code) && /kms/i.test(message))) {
    return credentials(
      `Secret "${name}": cannot be decrypted; its KMS key needs a policy that allows kms:Decrypt for this role, and the role the same for the key`,
    );
  }
  if (isDenied(code)) return credentials(deniedSentence(call, region));
  if (code === 'InvalidRequestException' && /delet/i.test(message)) return deletedFailure(call, region);
  if (!/^(InvalidParameterException|ValidationException)$/.test(code)) return undefined;
  return settings(
    `Secret "${name}": not a name that Secrets Manager takes (letters, digits and /_+=.@-, or an ARN); correct the setting that names it`,
  );
}

/** A service of AWS, and what was asked of it, as a sentence begins: `Secret "POCKET_KEY"`. */
export type AskedService = { readonly subject: string; readonly service: string; readonly instead?: string };

const inSecretsManager = (name: string): AskedService => ({
  subject: `Secret "${name}"`,
  service: 'Secrets Manager',
  instead: 'a local run may use SECRETS_FROM=env instead',
});

/** A failure that makes a service of AWS unusable for anything; `undefined` for any other error. */
export function failureOfAccess(
  error: unknown,
  asked: AskedService,
  region: string | undefined,
): Failure | undefined {
  const { code, networkCode, message, status } = factsOf(error);
  const { subject, service } = asked;
  if (region === undefined || /region is missing/i.test(message)) {
    return settings(`${subject}: no AWS region is set; set AWS_REGION, such as eu-central-1`);
  }
  const clock = clockProblem(networkCode);
  if (clock) return settings(`${subject}: ${service} in ${region} cannot be reached; ${clock}`);
  if (WRONG_CLOCK.test(code) || (OWN_CREDENTIALS.test(code) && WRONG_CLOCK_MESSAGE.test(message))) {
    return settings(
      `${subject}: AWS refused the time of this request; the clock of this machine says ${utcNow()}: set it right`,
    );
  }
  if (OWN_CREDENTIALS.test(code)) return settings(ownCredentialsSentence(asked, code));
  if (NO_NETWORK.test(networkCode) || NO_NETWORK.test(code)) {
    return unavailable(
      `${subject}: ${service} in ${region} cannot be reached (${networkCode || code}); check AWS_REGION, AWS_ENDPOINT_URL and the network (in a VPC the function needs a NAT gateway or an endpoint for ${service})`,
    );
  }
  if (!THROTTLED.test(code) && (status ?? 0) < 500) return undefined;
  return unavailable(`${subject}: ${service} in ${region} answered ${code}; try again later`);
}

export function isNotFound(error: unknown): boolean {
  return factsOf(error).code === 'ResourceNotFoundException';
}

export function isAccessDenied(error: unknown): boolean {
  return isDenied(factsOf(error).code);
}

function isDenied(code: string): boolean {
  return code === 'AccessDeniedException' || code === 'AccessDenied';
}

function notFoundSentence(name: string, region: string | undefined): string {
  const arn = parseArn(name);
  if (!arn) return `Secret "${name}": not found in ${region}; create it with: ${setCommand(name, region)}`;
  return arn.region === region
    ? `Secret "${name}": not found; is its ARN right?`
    : `Secret "${name}": not found; it would be in ${arn.region}, but AWS_REGION is ${region}; replicate it to ${region}, and name the replica`;
}

function deniedSentence({ name, actions = READ_ACTIONS }: FailedCall, region = 'REGION'): string {
  const arn = parseArn(name)?.granted;
  const statement = JSON.stringify({
    Effect: 'Allow',
    Action: actions.map((action) => `secretsmanager:${action}`),
    Resource: arn ?? `arn:aws:secretsmanager:${region}:ACCOUNT:secret:${name}-??????`,
  });
  const other = arn ? '; in another account, the secret also needs a resource policy for it' : '';
  return `Secret "${name}": access denied in ${region}; the role lacks ${statement}${other} (where a role may read named secrets only, AWS says the same of a secret that does not exist)`;
}

async function deletedFailure(
  { name, deletionDate }: FailedCall,
  region: string | undefined,
): Promise<Failure> {
  return credentials(deletedSentence(name, region, await deletionDate().catch(() => undefined)));
}

/** What to do about a secret that is scheduled for deletion; `date`: when it will be gone, if that is known. */
export function deletedSentence(name: string, region: string | undefined, date: Date | undefined): string {
  const until = date ? `until ${date.toISOString().slice(0, 10)} ` : '';
  const command = `aws secretsmanager restore-secret --secret-id ${name}${region ? ` --region ${region}` : ''}`;
  return `Secret "${name}": scheduled for deletion; it can be restored ${until}with: ${command}`;
}

function ownCredentialsSentence({ subject, instead }: AskedService, code: string): string {
  return code === 'CredentialsProviderError'
    ? `${subject}: no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with: aws sso login${instead ? `; ${instead}` : ''}`
    : `${subject}: AWS did not accept the AWS credentials of this run (${code}); renew them, or set AWS_PROFILE to others`;
}

/** The parts of an AWS error that are safe to use. A name that is not a plain word is not repeated. */
export function factsOf(error: unknown) {
  const known = (error ?? {}) as {
    name?: unknown;
    code?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const word = (value: unknown) => (typeof value === 'string' && /^\w{1,60}$/.test(value) ? value : '');
  return {
    code: word(known.name) || 'an unknown error',
    networkCode: word(known.code),
    message: String(known.message),
    status: known.$metadata?.httpStatusCode,
  };
}

const credentials = (sentence: string) => new Failure('credentials', sentence);
const settings = (sentence: string) => new Failure('settings', sentence);
const unavailable = (sentence: string) => new Failure('unavailable', sentence);

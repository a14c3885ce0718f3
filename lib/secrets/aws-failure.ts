import { Failure } from '../failure.ts';
import { setCommand } from './secret-name.ts';
import type { SecretDescription } from './secret-source.ts';

/** What was asked for, and where. */
export type Asked = {
  readonly name: string;
  /** The permissions that it takes: actions of `secretsmanager`. */
  readonly actions?: readonly string[];
  /** Rejects where no region is set. */
  readonly region: () => Promise<string>;
  readonly describe: (name: string) => Promise<SecretDescription>;
};

const READING = ['GetSecretValue', 'DescribeSecret'];
/** AWS's own credentials, as opposed to the secrets: not found, expired, or not AWS's. */
const OWN_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ExpiredToken(Exception)?|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken(Exception)?|NotAuthorized)$/;
/** A connection that did not come about, or broke. */
const NO_NETWORK =
  /^(TimeoutError|AbortError|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;
const TOO_MANY =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded)$/;

/** What Secrets Manager, or the way to it, said, in a sentence with its remedy. Nothing of AWS's own text is told. */
export async function failureOfAws(error: unknown, asked: Asked): Promise<Failure> {
  const facts = factsOf(error);
  const region = await asked.region().catch(() => undefined);
  return (
    (await failureOfSecret(facts, asked, region)) ??
    failureOfAccess(facts, asked.name, region) ??
    new Failure(
      'unexpected-response',
      `Secret "${asked.name}": Secrets Manager answered ${facts.code}; look this name up in the documentation of AWS`,
    )
  );
}

type Facts = ReturnType<typeof factsOf>;

/** What is wrong with the secret itself, or with what this role may do with it. */
async function failureOfSecret(
  { code, message }: Facts,
  asked: Asked,
  region: string | undefined,
): Promise<Failure | undefined> {
  const { name } = asked;
  if (code === 'ResourceNotFoundException') {
    return credentials(
      `Secret "${name}": not found in ${region}; create it with: ${setCommand(name, region)}`,
    );
  }
  if (/^DecryptionFailure(Exception)?$/.test(code) || (isDenied(code) && /kms/i.test(message))) {
    return credentials(
      `Secret "${name}": cannot be decrypted; its KMS key needs a policy that allows kms:Decrypt for this role, and the role the same for the key`,
    );
  }
  if (isDenied(code)) return credentials(deniedSentence(asked, region));
  if (code === 'InvalidRequestException' && /delet/i.test(message)) return deletedFailure(asked, region);
  if (!/^(InvalidParameterException|ValidationException)$/.test(code)) return undefined;
  return settings(
    `Secret "${name}": not a name that Secrets Manager takes (letters, digits and /_+=.@-); correct the setting that names it`,
  );
}

/** What keeps this run from Secrets Manager. */
function failureOfAccess(
  { code, networkCode, message, status }: Facts,
  name: string,
  region: string | undefined,
): Failure | undefined {
  if (region === undefined || /region is missing/i.test(message)) {
    return settings(`Secret "${name}": no AWS region is set; set AWS_REGION, such as eu-central-1`);
  }
  if (OWN_CREDENTIALS.test(code)) return settings(ownCredentialsSentence(name, code));
  if (NO_NETWORK.test(networkCode) || NO_NETWORK.test(code)) {
    return unavailable(
      `Secret "${name}": Secrets Manager in ${region} cannot be reached (${networkCode || code}); check AWS_REGION, AWS_ENDPOINT_URL and the network (in a VPC the function needs a NAT gateway or an endpoint for Secrets Manager)`,
    );
  }
  if (!TOO_MANY.test(code) && (status ?? 0) < 500) return undefined;
  return unavailable(`Secret "${name}": Secrets Manager in ${region} answered ${code}; try again later`);
}

export function isNotFound(error: unknown): boolean {
  return factsOf(error).code === 'ResourceNotFoundException';
}

function isDenied(code: string): boolean {
  return code === 'AccessDeniedException' || code === 'AccessDenied';
}

function deniedSentence({ name, actions = READING }: Asked, region = 'REGION'): string {
  const arn = name.startsWith('arn:')
    ? name
    : `arn:aws:secretsmanager:${region}:ACCOUNT:secret:${name}-??????`;
  const statement = JSON.stringify({
    Effect: 'Allow',
    Action: actions.map((action) => `secretsmanager:${action}`),
    Resource: arn,
  });
  return `Secret "${name}": access denied in ${region}; the role lacks ${statement} (where a role may read named secrets only, AWS says the same of a secret that does not exist)`;
}

async function deletedFailure({ name, describe }: Asked, region: string | undefined): Promise<Failure> {
  const found = await describe(name).catch(() => undefined);
  const until = found?.deletedAt ? `until ${found.deletedAt.toISOString().slice(0, 10)} ` : '';
  const command = `aws secretsmanager restore-secret --secret-id ${name}${region ? ` --region ${region}` : ''}`;
  return credentials(`Secret "${name}": scheduled for deletion; it can be restored ${until}with: ${command}`);
}

function ownCredentialsSentence(name: string, code: string): string {
  return code === 'CredentialsProviderError'
    ? `Secret "${name}": no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with: aws sso login; a local run may use SECRETS_FROM=env instead`
    : `Secret "${name}": AWS did not accept the AWS credentials of this run (${code}); renew them, or set AWS_PROFILE to others`;
}

/** The few facts of an AWS error that are safe to look at. Names that are not plain words are not told on. */
function factsOf(error: unknown) {
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

import type { Context } from 'aws-lambda';
import { captureOutput } from './capture-output.ts';
import { setEnvironment } from './environment.ts';
import { awsError, type FakeSecretsManager, startFakeSecretsManager } from './fake-secrets-manager.ts';
import { freshHandler } from './fresh-handler.ts';
import { CREDENTIALS } from './pocket.ts';
import type { FakeServer } from './services/fake-service.ts';
import { environmentOf } from './services/under-test.ts';

/** The variables of an account on a fake; with `more`, its own settings. */
export function accountOn(name: string, server: FakeServer, more: object = {}): Record<string, unknown> {
  const variable = name.toUpperCase();
  const { [`${variable}_URL`]: url, MY_LOGIN, MY_TOKEN } = environmentOf(name, server);
  return {
    READING_LIST: name,
    [`${variable}_URL`]: url,
    ...(MY_LOGIN === undefined ? { [`${variable}_TOKEN`]: MY_TOKEN } : { [variable]: JSON.parse(MY_LOGIN) }),
    ...more,
  };
}

/** The same on a Pocket, whose server knows no other credentials. */
export function accountOnPocket({ url }: { url: string }, more: object = {}): Record<string, unknown> {
  const { consumerKey, accessToken } = CREDENTIALS;
  return {
    READING_LIST: 'pocket',
    POCKET_API_URL: url,
    POCKET_KEY: consumerKey,
    POCKET_TOKEN: accessToken,
    ...more,
  };
}

/** A line of the log of a function. */
type LogLine = Readonly<Record<string, unknown>> & { readonly message?: string };

/** What comes of an invocation: what it resolves to or rejects with, and what it writes. */
export type Invoked = {
  readonly outcome: unknown;
  readonly written: string;
  readonly lines: readonly LogLine[];
  /** The values of its metrics, by name. */
  readonly metrics: Readonly<Record<string, unknown>>;
};

export type AccountsStage = {
  /** What Secrets Manager has, by name; a test may change it. */
  readonly secrets: Map<string, object | string>;
  readonly aws: FakeSecretsManager;
  /** The environment of this process, which is that of the function; a test may change it. */
  readonly env: NodeJS.ProcessEnv;
  /** Secrets Manager refuses every call for want of time; changed by a test. */
  isThrottled: boolean;
  /** Invokes the function, always in the same process. `remainingMs`: the time that Lambda gives it. */
  invoke(event: object, remainingMs?: number | (() => number)): Promise<Invoked>;
  /** Puts the environment back, too. */
  close(): Promise<void>;
};

/**
 * A function that serves accounts, and Secrets Manager at the wire. `servers`: where its accounts are, which are of this
 * machine. One at a time, since this process has its environment until it is closed.
 */
export async function startAccountsStage(servers: readonly { url: string }[] = []): Promise<AccountsStage> {
  const secrets: AccountsStage['secrets'] = new Map();
  const aws = await startFakeSecretsManager(({ action, body }) => {
    if (stage.isThrottled) return awsError('ThrottlingException');
    const stored = secrets.get(String(body.SecretId));
    if (stored === undefined || body.VersionStage === 'AWSPREVIOUS')
      return awsError('ResourceNotFoundException');
    if (action === 'DescribeSecret') return { body: { RotationEnabled: false } };
    const SecretString = typeof stored === 'string' ? stored : JSON.stringify(stored);
    return { body: { SecretString, VersionId: 'v1' } };
  });
  const restore = setEnvironment({
    ...aws.env,
    ACCOUNTS: 'prod/accounts',
    ACCOUNTS_ALLOW_HOSTS: servers.map(({ url }) => new URL(url).host).join(','),
    // The items are made up; their URLs have no pages.
    FETCH_PAGES: 'false',
    LOG_LEVEL: 'DEBUG',
  });
  const { handler } = await freshHandler();
  let invocations = 0;
  const stage: AccountsStage = {
    secrets,
    aws,
    env: process.env,
    isThrottled: false,
    async invoke(event, remainingMs = 300_000) {
      invocations += 1;
      const context = {
        awsRequestId: `request-${invocations}`,
        getRemainingTimeInMillis: typeof remainingMs === 'number' ? () => remainingMs : remainingMs,
      } as unknown as Context;
      const { result: outcome, written } = await captureOutput(() =>
        handler(event, context).catch((error: unknown) => error),
      );
      const json = written.split('\n').filter((line) => line.startsWith('{'));
      const all = json.map((line) => JSON.parse(line) as LogLine);
      return {
        outcome,
        written,
        lines: all.filter(({ _aws }) => !_aws),
        metrics: Object.assign({}, ...all.filter(({ _aws }) => _aws).map(metricsIn)),
      };
    },
    close: () => {
      restore();
      return aws.close();
    },
  };
  return stage;
}

/** The values in a line of CloudWatch's embedded metric format, by the names that it tells of. */
function metricsIn(line: LogLine): Record<string, unknown> {
  const { CloudWatchMetrics } = line._aws as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
  const names = CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  return Object.fromEntries(names.map((name) => [name, line[name]]));
}

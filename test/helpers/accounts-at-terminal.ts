import { resolve } from 'node:path';
import { type AccountsOnAws, startAccountsOnAws } from './accounts-on-aws.ts';
import { command, type Ended } from './command.ts';
import { awsError, type SecretsAnswer, startFakeSecretsManager } from './fake-secrets-manager.ts';
import { type Terminal, terminal } from './readtime.ts';
import { fakeItems } from './services/fake-service.ts';
import { type FakeKarakeep, fakeKarakeep } from './services/karakeep.ts';

/** What the fake service takes. */
export const TOKEN = 'token-5678';

/** A run of an account as its log line has it. */
export type LoggedRun = Readonly<Record<string, string | number>>;

export type AccountsAtTerminal = {
  /** With the stage `prod`. */
  readonly aws: AccountsOnAws;
  /** The service of every account. */
  readonly karakeep: FakeKarakeep;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What Logs Insights finds; `undefined`: it may not be asked. */
  runs: readonly LoggedRun[] | undefined;
  /** Variables of an account that the service accepts. */
  readonly variables: Readonly<Record<string, string>>;
  /** `readtime accounts ARGS --stage prod`, without a terminal, and with `input` piped in. */
  accounts(args: readonly string[], input?: string | object): Promise<Ended>;
  /** What is stored of an account with a secret of its own. */
  stored(name: string): unknown;
  close(): Promise<void>;
};

/** A stage with accounts, all on one Karakeep, and a folder to manage them from. */
export async function startAccountsAtTerminal(items = 3): Promise<AccountsAtTerminal> {
  const at: Terminal = terminal();
  const aws = await startAccountsOnAws();
  const karakeep = await fakeKarakeep(fakeItems(items), { token: TOKEN });
  const logs = await startFakeSecretsManager(({ action }): SecretsAnswer => {
    if (started.runs === undefined) return awsError('AccessDeniedException');
    if (action === 'StartQuery') return { body: { queryId: 'q' } };
    const results = started.runs.map(({ '@timestamp': at, ...line }) => [
      { field: '@timestamp', value: at },
      { field: '@message', value: JSON.stringify(line) },
    ]);
    return { body: { status: 'Complete', results } };
  });
  const { AWS_ENDPOINT_URL_SCHEDULER = '', AWS_ENDPOINT_URL_SECRETS_MANAGER = '' } = process.env;
  const env = {
    ...logs.env,
    AWS_ENDPOINT_URL_SCHEDULER,
    AWS_ENDPOINT_URL_SECRETS_MANAGER,
    ACCOUNTS_ALLOW_HOSTS: new URL(karakeep.url).host,
  };
  const started: AccountsAtTerminal = {
    aws,
    karakeep,
    folder: at.folder,
    env,
    runs: [],
    variables: { READING_LIST: 'karakeep', KARAKEEP_URL: karakeep.url, KARAKEEP_TOKEN: TOKEN },
    accounts: (args, input = '') =>
      command(resolve('lib/cli/readtime.ts'), ['accounts', ...args, '--stage', 'prod'], {
        env,
        cwd: at.folder,
        input: typeof input === 'string' ? input : JSON.stringify(input),
      }),
    stored(name) {
      const text = aws.secrets.text(`prod/accounts/${name}`);
      return text && JSON.parse(text);
    },
    async close() {
      await Promise.all([aws.close(), karakeep.close(), logs.close()]);
      at.close();
    },
  };
  return started;
}

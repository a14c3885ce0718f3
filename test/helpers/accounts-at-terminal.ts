import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { type AccountsOnAws, startAccountsOnAws } from './accounts-on-aws.ts';
import { command, type Ended } from './command.ts';
import { awsError, type SecretsAnswer, startFakeSecretsManager } from './fake-secrets-manager.ts';
import { type Terminal, terminal } from './readtime.ts';
import { fakeItems } from './services/fake-service.ts';
import { type FakeKarakeep, fakeKarakeep } from './services/karakeep.ts';

/** What the fake service takes. */
export const TOKEN = 'token-5678';
/** What it does not take. */
export const WRONG_TOKEN = 'wrong-9876';

/** Written after every five seconds, and so only where the machine is busy. */
const PROGRESS = /^(Added|Moved|Removed) [\d,]+ .*\n/gm;

/** A run of an account as its log line has it. */
type LoggedRun = Readonly<Record<string, string | number>>;

export type AccountsAtTerminal = {
  /** With the stage `prod`. */
  readonly aws: AccountsOnAws;
  /** The service of every account. */
  readonly karakeep: FakeKarakeep;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** What Logs Insights finds; `undefined`: it may not be asked. */
  runs: readonly LoggedRun[] | undefined;
  /** How often it was asked. */
  queries: number;
  /** Variables of an account that the service accepts. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * `readtime accounts ARGS --stage prod`, without a terminal, and with `input` piped in; lines of progress are left out. Rejects
   * where a token is shown.
   */
  accounts(args: readonly string[], input?: string | object): Promise<Ended>;
  /** Adds accounts whose credentials the service takes, but for those of `wrong`. */
  addAll(names: readonly string[], wrong?: readonly string[]): Promise<void>;
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
    if (action === 'StartQuery') {
      started.queries += 1;
      return { body: { queryId: 'q' } };
    }
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
    queries: 0,
    variables: { READING_LIST: 'karakeep', KARAKEEP_URL: karakeep.url, KARAKEEP_TOKEN: TOKEN },
    async accounts(args, input = '') {
      const typed = ['accounts', ...args, '--stage', 'prod'];
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      const ended = await command(resolve('lib/cli/readtime.ts'), typed, {
        env,
        cwd: at.folder,
        input: text,
      });
      assert.doesNotMatch(ended.stdout + ended.stderr, new RegExp(`${TOKEN}|${WRONG_TOKEN}`));
      return { ...ended, stderr: ended.stderr.replace(PROGRESS, '') };
    },
    async addAll(names, wrong = []) {
      const lines = names.map((account) => {
        const given = { account, ...started.variables };
        return JSON.stringify(wrong.includes(account) ? { ...given, KARAKEEP_TOKEN: WRONG_TOKEN } : given);
      });
      const { status, stderr } = await started.accounts(['import', '-'], lines.join('\n'));
      assert.deepEqual([status, stderr], [0, '']);
    },
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

import { httpRequest } from '../http/request.ts';
import { check } from '../run/check.ts';
import type { SecretsCheck } from '../secrets/check-secrets.ts';
import { readSettings } from '../settings.ts';
import { noLog } from '../telemetry/telemetry.ts';
import { secretsByVariable } from './account-secrets.ts';
import { type AccountVariables, accountEnvironment } from './variables.ts';

type CheckOptions = {
  /** `host:port` that may be called although private. */
  readonly allowHosts: readonly string[];
  /** As of `SecretSource`; default: in the variable, for what is not stored yet. */
  readonly howToSet?: ((variable: string) => string) | undefined;
};

/**
 * Tries the variables of an account at their service, as a run would: for reading, and for a write that changes nothing.
 * Rejects with `settings` where a setting is wrong.
 */
export async function checkAccount(
  name: string,
  variables: AccountVariables,
  { allowHosts, howToSet = (variable) => `the variable ${variable}` }: CheckOptions,
): Promise<SecretsCheck> {
  const settings = readSettings(
    accountEnvironment(variables, { ACCOUNTS_ALLOW_HOSTS: allowHosts.join(',') }),
  );
  return check({
    settings,
    env: {},
    telemetry: { log: noLog, emit: () => {} },
    secrets: secretsByVariable(name, async () => variables, {
      versionOf: () => undefined,
      rotates: async () => undefined,
      howToSet,
    }),
    http: httpRequest({ env: {}, publicOnly: { allowHosts: settings.pages.allowHosts } }),
  });
}

import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../../failure.ts';
import type { RunRequest } from '../../run/event.ts';
import type { WarmState } from '../../run/run.ts';
import type { Environment } from '../../settings.ts';
import { readListEnvironment, withReadingList } from '../environment.ts';
import { whereFree } from '../files/data-folder.ts';
import { findEnvFile } from '../files/env-file.ts';
import type { EnvFiles, Output, TimeLimit } from '../options.ts';
import { runAtTerminal } from '../run-at-terminal.ts';
import type { MakeRun, Ran } from './outcome.ts';

/**
 * Makes the runs of a list. Its file is read again for each, so that what is changed there, such as a token, counts from
 * the next run on; `outside` is the environment of the process without it, which wins. Secrets of AWS are kept for
 * `SECRET_MAX_AGE_S`, as in a warm Lambda.
 */
export function runsOf(outside: Environment, options: EnvFiles & Output & TimeLimit): MakeRun {
  const envFile = options.envFile?.length ? undefined : findEnvFile();
  const warm: WarmState = {};
  let before: Environment | undefined;
  /** What cannot be kept is told once. */
  let quiet = Boolean(options.quiet || options.json);

  async function runOnce(env: Environment, request: RunRequest, stop: AbortSignal): Promise<Ran> {
    return withReadingList(env, { ...options, quiet }, async (list) => {
      const run = { ...options, quiet: true, stop, warm };
      const { summary, offlineSentence } = await runAtTerminal(list, request, run);
      const reason = offlineSentence();
      if (reason !== undefined) throw new Failure('unavailable', reason, { summary });
      return { summary };
    });
  }

  return async (request, stop) => {
    restoreEnvironment(outside);
    // Another one that is found in its place may lead to another list.
    if (envFile !== undefined && findEnvFile() !== envFile)
      throw new Failure('settings', `${envFile} is there no longer; put it back, or start this again`);
    const env = readListEnvironment(options);
    // Other settings may name other secrets, or another account.
    if (!isDeepStrictEqual(env, before)) warm.secretsCache = {};
    before = env;
    const ran = whereFree<Ran>(
      { ...options, quiet },
      () => runOnce(env, request, stop),
      (busy, isHanging) => {
        if (isHanging) throw new Failure('unavailable', busy);
        return { busy };
      },
    );
    quiet = true;
    return ran;
  };
}

function restoreEnvironment(outside: Environment): void {
  for (const name of Object.keys(process.env)) if (!(name in outside)) delete process.env[name];
  Object.assign(process.env, outside);
}

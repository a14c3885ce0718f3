import type { Context } from 'aws-lambda';
import type { PlanRun } from '../continuation/plan-run.ts';
import type { Mode, Summary } from '../core/summary.ts';
import { Failure, type FailureKind } from '../failure.ts';
import { check } from '../run/check.ts';
import type { EventRequest } from '../run/event.ts';
import { run, type WarmState } from '../run/run.ts';
import type { SecretsCheck } from '../secrets/check-secrets.ts';
import type { SecretSource } from '../secrets/get-secret.ts';
import { type Environment, readSettings } from '../settings.ts';
import { runFailed, type Telemetry } from '../telemetry/telemetry.ts';
import { type AccountSecrets, accountSecrets } from './account-secrets.ts';
import { accountEnvironment } from './variables.ts';

/** What a run of an account came to that failed. It is no error of the function, whose alarm would wake the operator. */
export type FailedAccountRun = {
  readonly account: string;
  readonly mode: Mode | 'check';
  readonly complete: false;
  readonly kind: FailureKind;
  readonly message: string;
};

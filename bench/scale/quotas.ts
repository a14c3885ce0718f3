import type { LambdaLimits } from './lambda.ts';

/**
 * What AWS allows an account in a region such as eu-central-1 unless more is asked for, read in November 2026 in stored
 * copies of the pages named. Where a value was not in the text that could be read, it says so.
 */
export const QUOTAS = {
  // docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html; that the calls to get and update a schedule
  // have 1,000 a second: aws.amazon.com/about-aws/whats-new/2024/08/amazon-eventbridge-scheduler-higher-quotas
  schedules: 10_000_000,
  /** A second; above it they are late. In regions that are not primary ones the pages read do not say. */
  scheduledInvocationsPerS: 1000,
  /** 250 in regions that are not primary ones. */
  createSchedulePerS: 5000,
  getSchedulePerS: 1000,
  updateSchedulePerS: 1000,

  // docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html; that "reduced" means 10 for a new account is known
  // from accounts, not from that page
  concurrency: 1000,
  newAccountConcurrency: 10,
  // docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
  environmentsIn10S: 1000,

  // docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html; number, size and the rate of CreateSecret
  // in github.com/awsdocs/aws-secrets-manager-docs, doc_source/reference_limits.md
  secrets: 500_000,
  createSecretPerS: 50,
  /** Of PutSecretValue, UpdateSecret and UpdateSecretVersionStage together. */
  putSecretValuePerS: 50,
  getSecretValuePerS: 10_000,
  secretBytes: 65_536,

  // Known, not found in what could be read: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  putLogEventsPerS: 5000,
};

/** How Lambda's queue in front of a function tries an event again. */
export type QueueLimits = {
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Older than this, an event goes to the dead-letter queue. */
  readonly maxEventAgeMs: number;
};

/**
 * docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html: an event that found no free concurrency waits
 * 1 s, then longer and longer, up to 5 minutes. That Lambda waits longer still while its queue is long has no numbers, and is not
 * simulated.
 */
export const LAMBDA_QUEUE: QueueLimits = {
  firstRetryMs: 1000,
  maxRetryMs: 300_000,
  /** `maximumEventAge` of serverless.yml. */
  maxEventAgeMs: 900_000,
};

/**
 * AWS does not say how long an idle environment stays. 10 minutes were measured in
 * mikhail.io/2019/08/aws-lambda-cold-starts-after-10-minutes; newer measurements have 5 to 7, so 5 is taken.
 */
const IDLE_MS = 300_000;

export const LAMBDA_LIMITS: LambdaLimits = {
  concurrency: QUOTAS.concurrency,
  environmentsIn10S: QUOTAS.environmentsIn10S,
  idleMs: IDLE_MS,
};

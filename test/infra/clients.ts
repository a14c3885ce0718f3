import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { MiniStack } from '../helpers/ministack.ts';
import { overTls } from '../helpers/over-tls.ts';

export type Clients = ReturnType<typeof clientsFor>;

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** Clients of every service of the stack, as root or as who has these credentials. */
export function clientsFor({ client }: MiniStack, credentials: Credentials = client.credentials) {
  const config = { ...client, credentials };
  return {
    buckets: overTls(new S3Client({ ...config, forcePathStyle: true })),
    lambda: new LambdaClient(config),
    logs: new CloudWatchLogsClient(config),
    metrics: new CloudWatchClient(config),
    queues: overTls(new SQSClient(config)),
    roles: new IAMClient(config),
    scheduler: new SchedulerClient(config),
    secrets: new SecretsManagerClient(config),
    topics: overTls(new SNSClient(config)),
  };
}

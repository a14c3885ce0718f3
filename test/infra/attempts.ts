import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetRoleCommand, ListRolesCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import type { Clients, Credentials } from './clients.ts';

/** The name of an error of IAM. */
export const REFUSED = /^(AccessDenied|AccessDeniedException|AuthorizationErrorException)$/;

/** `GroupName`: where it is not the default one. */
const daily = (Name: string, target: string, role: string, GroupName?: string) => ({
  Name,
  GroupName,
  ScheduleExpression: 'rate(1 day)',
  FlexibleTimeWindow: { Mode: 'OFF' as const },
  Target: {
    Arn: `arn:aws:lambda:eu-central-1:123456789012:function:${target}`,
    RoleArn: `arn:aws:iam::123456789012:role/${role}`,
  },
});

/** Calls that somebody may or may not make. */
export function attempts(by: Clients) {
  const name = (Name: string, GroupName?: string) => ({ Name, GroupName });
  const secret = (SecretId: string) => ({ SecretId });
  return {
    readSecret: (id: string) => by.secrets.send(new GetSecretValueCommand(secret(id))),
    describeSecret: (id: string) => by.secrets.send(new DescribeSecretCommand(secret(id))),
    listSecrets: () => by.secrets.send(new ListSecretsCommand({})),
    changeSecret: (id: string) =>
      by.secrets.send(new PutSecretValueCommand({ ...secret(id), SecretString: 'x' })),
    deleteSecret: (id: string) => by.secrets.send(new DeleteSecretCommand(secret(id))),
    sendTo: (QueueUrl: string) => by.queues.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
    receiveFrom: (QueueUrl: string) => by.queues.send(new ReceiveMessageCommand({ QueueUrl })),
    listStreams: (logGroupName: string) => by.logs.send(new DescribeLogStreamsCommand({ logGroupName })),
    readSchedule: (...schedule: Parameters<typeof name>) =>
      by.scheduler.send(new GetScheduleCommand(name(...schedule))),
    deleteSchedule: (...schedule: Parameters<typeof name>) =>
      by.scheduler.send(new DeleteScheduleCommand(name(...schedule))),
    makeSchedule: (...schedule: Parameters<typeof daily>) =>
      by.scheduler.send(new CreateScheduleCommand(daily(...schedule))),
    changeSchedule: (...schedule: Parameters<typeof daily>) =>
      by.scheduler.send(new UpdateScheduleCommand(daily(...schedule))),
    // A dry run of the function writes nothing.
    invoke: (FunctionName: string) =>
      by.lambda.send(new InvokeCommand({ FunctionName, Payload: '{"dryRun":true}' })),
    readFunction: (FunctionName: string) => by.lambda.send(new GetFunctionCommand({ FunctionName })),
    publish: (TopicArn: string) => by.topics.send(new PublishCommand({ TopicArn, Message: 'x' })),
    putMetric: () =>
      by.metrics.send(
        new PutMetricDataCommand({ Namespace: 'x', MetricData: [{ MetricName: 'x', Value: 1 }] }),
      ),
    listObjects: (Bucket: string) => by.buckets.send(new ListObjectsV2Command({ Bucket })),
    listBuckets: () => by.buckets.send(new ListBucketsCommand({})),
    listRoles: () => by.roles.send(new ListRolesCommand({})),
  };
}

/**
 * The credentials of a role as a function has them: a function of that role tells its own. The role trusts Lambda for so
 * long, if it does not.
 */
export async function credentialsOf(
  root: Clients,
  RoleName: string,
  FunctionName: string,
): Promise<Credentials> {
  const { Role } = await root.roles.send(new GetRoleCommand({ RoleName }));
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  const setTrust = (PolicyDocument: string) =>
    root.roles.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  await setTrust(trust.replace('scheduler.amazonaws.com', 'lambda.amazonaws.com'));
  try {
    const code = `exports.handler = async () => ({
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    });`;
    await root.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.js': Buffer.from(code) }) },
      }),
    );
    const { Payload } = await root.lambda.send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Payload?.transformToString() ?? '');
  } finally {
    await setTrust(trust);
  }
}

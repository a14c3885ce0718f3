import assert from 'node:assert/strict';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { command, type Ended } from './command.ts';
import type { MiniStack } from './ministack.ts';
import { CREDENTIALS, type PocketUnderTest } from './pocket.ts';
import { SERVERLESS } from './template.ts';

/** The secrets that the stage reads by default, as the Pocket under test takes them. */
export const POCKET_SECRETS = {
  POCKET_KEY: CREDENTIALS.consumerKey,
  POCKET_TOKEN: CREDENTIALS.accessToken,
};

/** Schedules that start no run while a test runs, whatever the time is: hourly ones would, at minute 10. */
export const NOT_IN_A_TEST = [
  '--param=recentRate=rate(50 minutes)',
  '--param=fullSchedule=at(2199-01-01T00:00:00)',
];

export type DeployedStage = {
  readonly stackName: string;
  readonly functionName: string;
  /** `npm run deploy`, with these arguments and variables more. */
  deploy(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The same, which has to succeed. */
  mustDeploy(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<void>;
  /** `npm run remove`, which has to succeed. */
  remove(): Promise<void>;
  exists(): Promise<boolean>;
  /** Physical ids of what the stack holds, by logical id. */
  resources(): Promise<Readonly<Record<string, string>>>;
  /** Invokes the function and waits for its answer. */
  invoke(event?: unknown): Promise<Invoked>;
  /** Gives the event to Lambda's queue, from which a run that fails is tried again. */
  invokeAsync(event?: unknown): Promise<void>;
};

/** What Invoke answers: `error` is set where the run failed, and `result` then says why. */
type Invoked = {
  readonly error: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the function answered
  readonly result: any;
};

/** A stage of the stack on MiniStack, whose reading list is `pocket`; nothing is deployed yet. */
export function stageOn(
  ministack: MiniStack,
  pocket: Pick<PocketUnderTest, 'server'>,
  stage = 'prod',
): DeployedStage {
  const stackName = `readtime-tagger-${stage}`;
  const functionName = `${stackName}-tagger`;
  const stacks = new CloudFormationClient(ministack.client);
  const lambda = new LambdaClient(ministack.client);
  // The items are made up; their URLs have no pages.
  const base = { ...ministack.env, POCKET_API_URL: pocket.server.url, FETCH_PAGES: 'false' };
  const deploy: DeployedStage['deploy'] = (args = [], env = {}) =>
    command('lib/cli/readtime.ts', ['deploy', '--stage', stage, ...args], { env: { ...base, ...env } });
  const succeed = ({ status, stdout, stderr }: Ended) =>
    assert.equal(status, 0, `${stdout}\n${stderr}\n${ministack.log()}`);
  const payload = (event: unknown) => ({
    FunctionName: functionName,
    ...(event !== undefined && { Payload: JSON.stringify(event) }),
  });
  return {
    stackName,
    functionName,
    deploy,
    mustDeploy: async (args, env) => succeed(await deploy(args, env)),
    remove: async () => succeed(await command(SERVERLESS, ['remove', '--stage', stage], { env: base })),
    exists: () =>
      stacks.send(new DescribeStacksCommand({ StackName: stackName })).then(
        () => true,
        () => false,
      ),
    resources: async () => {
      const found: [string, string][] = [];
      for await (const { StackResourceSummaries = [] } of paginateListStackResources(
        { client: stacks },
        { StackName: stackName },
      ))
        for (const { LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries)
          found.push([LogicalResourceId, PhysicalResourceId]);
      return Object.fromEntries(found);
    },
    invoke: async (event) => {
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand(payload(event)));
      return { error: FunctionError, result: JSON.parse(Payload?.transformToString() || 'null') };
    },
    invokeAsync: async (event) => {
      await lambda.send(new InvokeCommand({ ...payload(event), InvocationType: 'Event' }));
    },
  };
}

/** Creates secrets by the API, as an operator would. */
export async function createSecrets(
  { client }: Pick<MiniStack, 'client'>,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const secrets = new SecretsManagerClient(client);
  for (const [Name, SecretString] of Object.entries(values))
    await secrets.send(new CreateSecretCommand({ Name, SecretString }));
}

/**
 * Lets the function of a stage with accounts change their schedules on MiniStack, which asks IAM about a schedule of any
 * group as if it were of the default one: what the role may do in the group, it may do there, too. Resolves to what
 * takes that back.
 */
export async function allowSchedulesOfAccounts(
  { client }: Pick<MiniStack, 'client'>,
  stage: Pick<DeployedStage, 'resources' | 'stackName'>,
): Promise<() => Promise<void>> {
  const roles = new IAMClient(client);
  const { TaggerRole: RoleName } = await stage.resources();
  const PolicyName = 'accounts-of-any-group';
  const { PolicyDocument = '' } = await roles.send(
    new GetRolePolicyCommand({ RoleName, PolicyName: 'accounts' }),
  );
  const asDefault = decodeURIComponent(PolicyDocument).replaceAll(`${stage.stackName}-accounts/`, 'default/');
  await roles.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: asDefault }));
  return async () => {
    await roles.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  };
}

import { clientOptions, type Look, look } from './aws-looks.ts';
import type { Stage } from './stage.ts';

/** What AWS says of the account that a stage is to be deployed to. */
export type Account = {
  readonly problems: readonly string[];
  /** What could not be looked at: `permission (answer of AWS)`. */
  readonly skipped: readonly string[];
  /** What the stack of the stage has, by the names and ARNs of AWS; `undefined` where that could not be looked at. */
  readonly inStack: ReadonlySet<string> | undefined;
};

/**
 * Lambda keeps so many runs at once for functions without a reservation, or all where an account has fewer:
 * docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const MIN_UNRESERVED = 100;

/** A look, and the permission that it needs. */
type PermittedLook<Answer> = Look<Answer> & { readonly permission: string };

/**
 * Looks for what CloudFormation would fail at: a reservation that the account does not have, and names that are taken
 * outside the stack. And for what it would delete: the schedules of accounts, which are the only list of them. The
 * clients are loaded here, so that no other command does.
 */
export async function lookAtAccount(stage: Stage): Promise<Account> {
  const stack = await lookAtStack(stage);
  const inStack = 'skipped' in stack ? undefined : (stack.found ?? new Set<string>());
  const looks = await Promise.all([
    lookAtConcurrency(stage),
    ...(inStack?.has(groupOf(stage)) && !stage.accountsGroup ? [lookAtAccounts(stage)] : []),
    ...(inStack ? namesOf(stage).filter(({ name }) => !inStack.has(name)) : []).map((one) =>
      lookAtName(stage, one),
    ),
  ]);
  return {
    problems: looks.flatMap((one) => ('found' in one ? (one.found ?? []) : [])),
    skipped: [stack, ...looks].flatMap((one) => skippedOf(one.permission, one)),
    inStack,
  };
}

/** What a note says of a look that could not be made. */
export function skippedOf(permission: string, one: Look<unknown>): string[] {
  return 'skipped' in one ? [`${permission} (${one.skipped})`] : [];
}

/** What the stack has, if there is one. What it has given up, such as a secret that was kept, is not in it. */
async function lookAtStack(stage: Stage): Promise<PermittedLook<ReadonlySet<string>>> {
  const { CloudFormationClient, paginateListStackResources } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(clientOptions(stage));
  const input = { StackName: stage.stackName };
  const stack = await look(async (options) => {
    const ids = new Set<string>();
    for await (const page of paginateListStackResources({ client }, input, options))
      for (const { PhysicalResourceId, ResourceStatus = '' } of page.StackResourceSummaries ?? [])
        if (PhysicalResourceId && !/^DELETE_/.test(ResourceStatus)) ids.add(PhysicalResourceId);
    return ids;
  }, /does not exist/);
  return { permission: 'cloudformation:ListStackResources', ...stack };
}

async function lookAtConcurrency(stage: Stage): Promise<PermittedLook<string>> {
  const { functionName: FunctionName, reservedConcurrency: asked } = stage;
  const permission = 'lambda:GetAccountSettings';
  if (asked === undefined) return { permission, found: undefined };
  const { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } = await import(
    '@aws-sdk/client-lambda'
  );
  const client = new LambdaClient(clientOptions(stage));
  const [account, own] = await Promise.all([
    look((options) => client.send(new GetAccountSettingsCommand({}), options)),
    look((options) => client.send(new GetFunctionConcurrencyCommand({ FunctionName }), options)),
  ]);
  if ('skipped' in account) return { permission, ...account };
  const { ConcurrentExecutions: total = 0, UnreservedConcurrentExecutions: unreserved = 0 } =
    account.found?.AccountLimit ?? {};
  // What the function has reserved already is given back first.
  const reserved = ('found' in own && own.found?.ReservedConcurrentExecutions) || 0;
  const most = Math.max(0, unreserved + reserved - Math.min(MIN_UNRESERVED, total));
  const problem = `reservedConcurrency "${asked}": this account may run ${total} functions at once, and AWS lets this one reserve ${most} of them; leave the parameter out, or ask for more under Service Quotas, AWS Lambda, Concurrent executions`;
  return { permission, found: asked > most ? problem : undefined };
}

const groupOf = ({ stackName }: Stage) => `${stackName}-accounts`;

/** The stack has a group for schedules of accounts, which it would lose. Besides the two of the stack, has it any? */
async function lookAtAccounts(stage: Stage): Promise<PermittedLook<string>> {
  const permission = 'scheduler:ListSchedules';
  const answer = await look(async (options) => {
    const { ListSchedulesCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler');
    const input = { GroupName: groupOf(stage), MaxResults: 3 };
    return new SchedulerClient(clientOptions(stage)).send(new ListSchedulesCommand(input), options);
  });
  if ('skipped' in answer) return { permission, ...answer };
  const isUsed = (answer.found?.Schedules ?? []).some(({ Name = '' }) => !Name.startsWith('_'));
  const problem = `accounts "false": the stage ${stage.name} has accounts, and AWS would delete the schedules of all of them; give --param="accounts=true", or remove the accounts first`;
  return { permission, found: isUsed ? problem : undefined };
}

/** A name that the stack is to have. */
type Name = {
  readonly what: string;
  readonly name: string;
  readonly permission: string;
  /** Resolves to whether it is there, or rejects with an error of AWS that says that it is not. */
  readonly isThere: (options: { abortSignal: AbortSignal }) => Promise<boolean>;
  /** Arguments of `aws`. */
  readonly remove: string;
};

async function lookAtName(
  { region, stackName }: Stage,
  { what, name, permission, isThere, remove }: Name,
): Promise<PermittedLook<string>> {
  const answer = await look(isThere);
  if ('skipped' in answer) return { permission, ...answer };
  const problem = `${what} "${name}": exists, but not in the stack ${stackName}, so AWS would refuse the name; deploy another stage, or remove it with: aws ${remove} --region ${region}`;
  return { permission, found: answer.found ? problem : undefined };
}

function namesOf(stage: Stage): Name[] {
  const client = clientOptions(stage);
  const { accountsGroup, functionName } = stage;
  const logGroup = `/aws/lambda/${functionName}`;
  return [
    {
      what: 'Function',
      name: functionName,
      permission: 'lambda:GetFunctionConfiguration',
      async isThere(options) {
        const { GetFunctionConfigurationCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
        const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
        await new LambdaClient(client).send(command, options);
        return true;
      },
      remove: `lambda delete-function --function-name ${functionName}`,
    },
    {
      what: 'Log group',
      name: logGroup,
      permission: 'logs:DescribeLogGroups',
      async isThere(options) {
        const { CloudWatchLogsClient, DescribeLogGroupsCommand } = await import(
          '@aws-sdk/client-cloudwatch-logs'
        );
        const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroup });
        const { logGroups = [] } = await new CloudWatchLogsClient(client).send(command, options);
        return logGroups.some(({ logGroupName }) => logGroupName === logGroup);
      },
      remove: `logs delete-log-group --log-group-name ${logGroup}`,
    },
    ...stage.schedules.map((name) => ({
      what: 'Schedule',
      name,
      permission: 'scheduler:GetSchedule',
      async isThere(options: { abortSignal: AbortSignal }) {
        const { GetScheduleCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler');
        await new SchedulerClient(client).send(new GetScheduleCommand({ Name: name }), options);
        return true;
      },
      remove: `scheduler delete-schedule --name ${name}`,
    })),
    ...(accountsGroup === undefined ? [] : [accountsGroup]).map((name) => ({
      what: 'Schedule group',
      name,
      permission: 'scheduler:GetScheduleGroup',
      async isThere(options: { abortSignal: AbortSignal }) {
        const { GetScheduleGroupCommand, SchedulerClient } = await import('@aws-sdk/client-scheduler');
        await new SchedulerClient(client).send(new GetScheduleGroupCommand({ Name: name }), options);
        return true;
      },
      remove: `scheduler delete-schedule-group --name ${name}`,
    })),
  ];
}

import { DescribeSecretCommand, type DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { deletedSentence, failureOfAws, isAccessDenied } from '../secrets/aws-failure.ts';
import type { SecretState } from '../secrets/check-secrets.ts';
import { DESCRIPTION, setCommand, splitKey } from '../secrets/get-secret.ts';
import { secretsManagerClient } from '../secrets/secrets-manager.ts';
import { skippedOf } from './account.ts';
import { look } from './aws-looks.ts';
import type { Stage } from './stage.ts';

/** Stacks of this project are called so; CloudFormation tags what it creates with the name of the stack. */
const STACK_TAG = 'aws:cloudformation:stack-name';
const STACK_PREFIX = 'readtime-tagger-';

/** A secret that a stage is to create, before it is deployed. */
export type CreatedSecret = {
  readonly name: string;
  /**
   * `none`: there is none; `in-stack`: the stack created it, or may have; `left`: an earlier deployment left it, and it
   * is used; `refused`: it cannot be used.
   */
  readonly state: 'none' | 'in-stack' | 'left' | 'refused';
  /** Why it is refused. */
  readonly problem?: string;
  /** What could not be looked at. */
  readonly skipped?: readonly string[];
};

/**
 * Looks at the secrets that a stage is to create, but not at their values. None need be there. One that an earlier
 * deployment left is used as it is; since names in Secrets Manager are unique, one of somebody else is refused, and so
 * is one that is scheduled for deletion, and one that AWS cannot be asked about. `inStack`: what the stack has.
 */
export function lookAtCreatedSecrets(
  { region, createdSecrets, environment: { AWS_PROFILE: profile } }: Stage,
  inStack: ReadonlySet<string> | undefined,
): Promise<CreatedSecret[]> {
  const client = secretsManagerClient({ region, profile });
  return Promise.all(
    createdSecrets.map(async (name): Promise<CreatedSecret> => {
      const command = new DescribeSecretCommand({ SecretId: name });
      const described = await look((options) => client.send(command, options));
      if ('skipped' in described) {
        if (isAccessDenied(described.error))
          return { name, state: 'in-stack', skipped: skippedOf('secretsmanager:DescribeSecret', described) };
        const call = { name, region: async () => region, deletionDate: async () => undefined };
        return { name, state: 'refused', problem: (await failureOfAws(described.error, call)).message };
      }
      const secret = described.found;
      if (secret === undefined) return { name, state: 'none' };
      if (secret.DeletedDate)
        return { name, state: 'refused', problem: deletedSentence(name, region, secret.DeletedDate) };
      // CloudFormation knows a secret by its ARN; an emulator may by its name.
      if (inStack === undefined || inStack.has(secret.ARN ?? name) || inStack.has(name))
        return { name, state: 'in-stack' };
      if (isOurs(secret)) return { name, state: 'left' };
      const problem = `Secret "${name}": exists, but not in this stack, which was told to create it, and nothing of this project made it; leave createSecrets out, and name it with a parameter`;
      return { name, state: 'refused', problem };
    }),
  );
}

/** Which secrets are used as they are, and which are to be set. `states`: whether each can be read and used. */
export function notesOf(
  created: readonly CreatedSecret[],
  { states, region }: { states: readonly SecretState[]; region: string },
): string[] {
  return created.flatMap(({ name, state }) => {
    const unusable = states.filter((one) => !one.usable && splitKey(one.name).name === name);
    if (state === 'none')
      return unusable.map(
        (one) => `Secret "${name}": runs fail until it is set with: ${setCommand(one.name, region)}`,
      );
    return [
      ...(state === 'left' ? [`Secret "${name}": exists from before; it is used as it is, not created`] : []),
      ...unusable.flatMap(({ problem }) => (problem ? `${problem}; until then runs fail` : [])),
    ];
  });
}

/** Whether a stack of this project, or its command, created a secret. */
function isOurs({ Description, Tags = [] }: DescribeSecretCommandOutput): boolean {
  const stack = Tags.find(({ Key }) => Key === STACK_TAG)?.Value;
  return Description === DESCRIPTION || Boolean(stack?.startsWith(STACK_PREFIX));
}

import { DescribeSecretCommand, type DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { deletedSentence } from '../secrets/aws-failure.ts';
import type { SecretState } from '../secrets/check-secrets.ts';
import { DESCRIPTION, setCommand, splitKey } from '../secrets/get-secret.ts';
import { secretsManagerClient } from '../secrets/secrets-manager.ts';
import { skippedOf } from './account.ts';
import { type Look, look } from './aws-looks.ts';
import type { Stage } from './stage.ts';

/** Stacks of this project are called so; CloudFormation tags what it creates with the name of the stack. */
const STACK_TAG = 'aws:cloudformation:stack-name';
const STACK_PREFIX = 'readtime-tagger-';

/** What becomes of a secret that a stage is to create. */
type Fate = {
  readonly problem?: string;
  readonly notes?: readonly string[];
  readonly skipped?: readonly string[];
  /** It exists outside the stack, and is used. */
  readonly isUsed?: boolean;
};

export type CreatedSecrets = {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly skipped: readonly string[];
  /** Names of those that exist outside the stack: they are used, not created. */
  readonly existing: readonly string[];
};

/**
 * Looks at the secrets that a stage is to create. None need be there, or be set. One that an earlier deployment left is
 * used as it is; since names in Secrets Manager are unique, one of somebody else is a problem, and so is one that is
 * scheduled for deletion. `states`: whether each can be used, by `name` or `name#key`; `inStack`: what the stack has.
 */
export async function lookAtCreatedSecrets(
  stage: Stage,
  { states, inStack }: { states: readonly SecretState[]; inStack: ReadonlySet<string> | undefined },
): Promise<CreatedSecrets> {
  const { region, createdSecrets } = stage;
  const client = secretsManagerClient({ region, profile: stage.environment.AWS_PROFILE });
  const fates = await Promise.all(
    createdSecrets.map(async (name) => {
      const described = await look((options) =>
        client.send(new DescribeSecretCommand({ SecretId: name }), options),
      );
      const unusable = states.filter((state) => !state.usable && splitKey(state.name).name === name);
      return { name, ...fateOf({ name, described, unusable, region, inStack }) };
    }),
  );
  return {
    problems: fates.flatMap(({ problem }) => problem ?? []),
    notes: fates.flatMap(({ notes }) => notes ?? []),
    skipped: fates.flatMap(({ skipped }) => skipped ?? []),
    existing: fates.flatMap(({ name, isUsed }) => (isUsed ? name : [])),
  };
}

function fateOf({
  name,
  described,
  unusable,
  region,
  inStack,
}: {
  name: string;
  described: Look<DescribeSecretCommandOutput>;
  unusable: readonly SecretState[];
  region: string;
  inStack: ReadonlySet<string> | undefined;
}): Fate {
  if ('skipped' in described) return { skipped: skippedOf('secretsmanager:DescribeSecret', described) };
  const secret = described.found;
  if (secret === undefined)
    return {
      notes: unusable.map(
        (state) => `Secret "${name}": runs fail until it is set with: ${setCommand(state.name, region)}`,
      ),
    };
  if (secret.DeletedDate) return { problem: deletedSentence(name, region, secret.DeletedDate) };
  const unset = unusable.flatMap(({ problem }) => (problem ? `${problem}; until then runs fail` : []));
  // CloudFormation knows a secret by its ARN; an emulator may by its name.
  if (inStack === undefined || inStack.has(secret.ARN ?? name) || inStack.has(name)) return { notes: unset };
  if (isOurs(secret))
    return {
      notes: [`Secret "${name}": exists from before; it is used as it is, not created`, ...unset],
      isUsed: true,
    };
  return {
    problem: `Secret "${name}": exists, but not in this stack, which was told to create it, and nothing of this project made it; leave createSecrets out, and name it with a parameter`,
  };
}

/** Whether a stack of this project, or its command, created a secret. */
function isOurs({ Description, Tags = [] }: DescribeSecretCommandOutput): boolean {
  const stack = Tags.find(({ Key }) => Key === STACK_TAG)?.Value;
  return Description === DESCRIPTION || Boolean(stack?.startsWith(STACK_PREFIX));
}

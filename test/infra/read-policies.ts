import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Clients } from './clients.ts';

type Statement = {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: unknown;
  readonly Resource: unknown;
};

/** Who may do what with what. */
export function allowedBy(policy: string): unknown[][] {
  const statements: Statement[] = JSON.parse(policy).Statement;
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Principal, Action, Resource }) => [Principal, Action, Resource]);
}

/** Whom a role trusts, what its own policies allow, in the order of their names, and what is attached to it. */
export async function readRole({ roles }: Clients, RoleName: string) {
  const { Role } = await roles.send(new GetRoleCommand({ RoleName }));
  const [trusted] = JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement;
  const { AttachedPolicies = [] } = await roles.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const { PolicyNames = [] } = await roles.send(new ListRolePoliciesCommand({ RoleName }));
  const policies = await Promise.all(
    PolicyNames.sort().map((PolicyName) => roles.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const allowed = policies.flatMap(({ PolicyDocument = '' }) =>
    allowedBy(decodeURIComponent(PolicyDocument)).map(([, ...rest]) => rest),
  );
  return { trust: trusted.Principal, allowed, attached: AttachedPolicies.map(({ PolicyArn }) => PolicyArn) };
}

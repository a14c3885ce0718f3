import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

// biome-ignore lint/suspicious/noExplicitAny: whatever CloudFormation knows
export type Properties = Record<string, any>;
export type Resource = { Type: string; DeletionPolicy?: string; Properties: Properties };
export type Statement = { Effect: string; Action: string | string[]; Resource: unknown; Principal?: unknown };
export type Template = { Resources: Record<string, Resource> };

export const SERVERLESS = join('node_modules', 'serverless', 'bin', 'serverless.js');

/** So that a suite fails with the output instead of hanging. */
const PACKAGE_TIMEOUT_MS = 240_000;

/** Packages the service as it stands, offline, and gives `use` the folder with the template and the zip. */
export async function withPackage<Result>(
  args: readonly string[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'readtime-package-'));
  try {
    await promisify(execFile)(process.execPath, [SERVERLESS, 'package', '--package', folder, ...args], {
      env: { PATH: process.env.PATH },
      timeout: PACKAGE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The template that CloudFormation would get. */
export const templateIn = (folder: string): string =>
  join(folder, 'cloudformation-template-update-stack.json');

export function templateFor(...args: readonly string[]): Promise<Template> {
  return withPackage(args, async (folder) => JSON.parse(readFileSync(templateIn(folder), 'utf8')));
}

export const ofType = ({ Resources }: Template, type: string): Resource[] =>
  Object.values(Resources).filter(({ Type }) => Type === type);

/** The one resource of a logical id. */
export function resource({ Resources }: Template, id: string, type: string): Properties {
  const found = Resources[id];
  if (found?.Type === type) return found.Properties;
  throw new Error(`${id}: is ${found?.Type ?? 'nothing'} in the template, not ${type}`);
}

/** What a role may do, over all its policies. */
export function statementsOf(role: Properties): Statement[] {
  return role.Policies.flatMap(
    ({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) => PolicyDocument.Statement,
  );
}

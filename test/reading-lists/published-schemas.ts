import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Context } from 'mocha';
import { parse } from 'yaml';

/** The published API descriptions, beside the project; not part of it. */
const FOLDER = new URL('../../../shared/schemas/', import.meta.url);

type Description = Record<string, unknown>;

/** A description by its file's name; skips the test with a note where there is none. */
export function description(context: Context, file: string): Description {
  const url = new URL(file, FOLDER);
  if (!existsSync(url)) {
    console.log(`        (no ../shared/schemas/${file}: nothing to check against)`);
    context.skip();
  }
  return parse(readFileSync(url, 'utf8')) as Description;
}

/**
 * What validates against the schema at `path` of a description, such as `['paths', '/bookmarks', 'get', ...]`.
 * OpenAPI 3.0 is not quite JSON schema: ajv knows its `nullable`, and unknown words are passed over.
 */
export function validatorAt(described: Description, path: readonly string[]): ValidateFunction {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv, ['date-time', 'uri', 'email']);
  ajv.addFormat('short-uid', true);
  ajv.addFormat('hostname', true);
  ajv.addSchema(described, 'api');
  const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return ajv.compile({ $ref: `api#/${pointer.join('/')}` });
}

/** What is wrong, in lines; none where it validates. */
export function problemsOf(validate: ValidateFunction, value: unknown): string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

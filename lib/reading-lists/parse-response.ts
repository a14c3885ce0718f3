import * as z from 'zod';
import { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/request.ts';

/** Schemas of fields that may be missing, null or of another type: they count as missing, so that they do not stop a run. */
export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

/** `addedAt` of an item, in seconds since 1970, from a date such as ISO 8601; empty if it is not a date. */
export function addedAtOf(date: string | undefined): { addedAt?: number } {
  const addedAt = Date.parse(date ?? '') / 1000;
  return addedAt > 0 ? { addedAt } : {};
}

/** Parses the body of a response. Throws an `unexpected-response` failure that names `what` and the field at fault. */
export function parseResponse<Shape>(schema: z.ZodType<Shape>, { body }: HttpResponse, what: string): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'unexpected-response',
    `Could not read ${what}: "${fieldOf(parsed.error)}" is not what was expected`,
  );
}

/** Path of the first field that does not match the schema. */
export function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') || 'answer';
}

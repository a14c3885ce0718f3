import * as z from 'zod';
import { Failure } from '../failure.ts';
import type { HttpResponse } from '../http/request.ts';

/** Fields that may be missing, null, or hold anything: what does not fit counts as missing, so that it stops no run. */
export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

/** `addedAt` of an item: seconds since 1970, of a date as services write it; nothing where it is not one. */
export function addedAtOf(date: string | undefined): { addedAt?: number } {
  const addedAt = Date.parse(date ?? '') / 1000;
  return addedAt > 0 ? { addedAt } : {};
}

/** A response in the shape that was expected. Throws a `Failure` of kind `unexpected-response` that names the field. */
export function parseResponse<Shape>(schema: z.ZodType<Shape>, { body }: HttpResponse, what: string): Shape {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'unexpected-response',
    `Could not read ${what}: "${fieldOf(parsed.error)}" is not what was expected`,
  );
}

/** The first field that does not fit. */
export function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') || 'answer';
}

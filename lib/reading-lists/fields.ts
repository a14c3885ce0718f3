import * as z from 'zod';

/** Fields that may be missing, null, or hold anything: what does not fit counts as missing, so that it stops no run. */
export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

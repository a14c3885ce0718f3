import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether two secrets are the same. The time that it takes says nothing about either, nor of their lengths. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

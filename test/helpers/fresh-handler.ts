import type * as Handler from '../../handler.ts';

let copies = 0;

/** Imports the handler as after a cold start, without state of other runs. */
export async function freshHandler(): Promise<typeof Handler> {
  copies += 1;
  const path = `../../handler.ts?copy=${copies}`;
  return import(path);
}

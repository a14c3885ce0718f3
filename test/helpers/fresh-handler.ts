import type * as Handler from '../../handler.ts';

let copies = 0;

/** The handler as a cold start has it: with nothing kept from other runs. */
export async function freshHandler(): Promise<typeof Handler> {
  copies += 1;
  const path = `../../handler.ts?copy=${copies}`;
  return import(path);
}

import { PROJECT } from './files/places.ts';
import type { ListSource } from './options.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What needs no quotes in a shell. */
const PLAIN = /^[\w./@%+~-]+$/;

/**
 * What somebody types to call this program once more, for hints, as they called it now: `readtime` where the shell finds
 * it, `./readtime` or another path where it was called by that, `npx readtime`.
 */
export function typedCommand(
  env: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
  isCheckout = PROJECT !== undefined,
): string {
  const { npm_command: ofNpm, READTIME_CALLED_AS: called = 'readtime' } = env;
  if (ofNpm === 'exec' || (ofNpm !== undefined && !isCheckout)) return `npx ${npmName(isCheckout)}`;
  // `npm start` and `npm run` are typed where the launcher is.
  if (ofNpm !== undefined) return platform === 'win32' ? 'npx readtime' : './readtime';
  return quoted(called);
}

/** What npm calls the command: outside of a checkout it takes the name for that of a package. */
export function npmName(isCheckout = PROJECT !== undefined): string {
  return isCheckout ? 'readtime' : 'readtime-tagger';
}

/** The options that lead to the same reading list once more, for hints, with a space before them. */
export function typedSource({ sample = false, envFile = [] }: ListSource): string {
  return (sample ? ' --sample' : '') + envFile.map((file) => ` --env-file ${quoted(file)}`).join('');
}

function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A sentence in which scripts of package.json are named, as they are typed where there is no checkout. */
export function scriptsAsTyped(
  sentence: string,
  env: Variables = process.env,
  isCheckout = PROJECT !== undefined,
): string {
  if (isCheckout) return sentence;
  const typed = typedCommand(env, process.platform, isCheckout);
  return sentence.replace(/npm run (secrets|accounts|pocket)( --)?/g, (_, name) => `${typed} ${name}`);
}

/** What needs no quotes in a shell. */
const PLAIN = /^[\w./@%+~-]+$/;

/**
 * What somebody types to call this program once more, for hints, as they called it now: `readtime` where the shell finds
 * it, `./readtime` or another path where it was called by that, `npx readtime`.
 */
export function typedCommand(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const { npm_command: ofNpm, READTIME_CALLED_AS: called = 'readtime' } = env;
  if (ofNpm === 'exec') return 'npx readtime';
  // `npm start` and `npm run` are typed where the launcher is.
  if (ofNpm !== undefined) return platform === 'win32' ? 'npx readtime' : './readtime';
  return PLAIN.test(called) ? called : `'${called.replaceAll("'", `'\\''`)}'`;
}

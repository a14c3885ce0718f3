/**
 * A tag as Pocket stores it: the replacement character becomes `?`, trimmed, lower case, at most 25 code
 * points, quotes and backslashes escaped as PHP's addslashes does. Empty when nothing is left.
 */
export function normalisedTag(name: string): string {
  const short = [...name.replaceAll('\uFFFD', '?').trim().toLowerCase()].slice(0, 25).join('');
  return short.replaceAll(/[\\'"]/g, String.raw`\$&`).replaceAll('\0', String.raw`\0`);
}

/** The tags of a `tags` parameter, a comma list or an array of them, each once; undefined when any is empty. */
export function parseTags(tags: string | readonly string[]): string[] | undefined {
  const names = (typeof tags === 'string' ? [tags] : tags)
    .flatMap((list) => list.split(','))
    .map(normalisedTag);
  return names.length === 0 || names.includes('') ? undefined : [...new Set(names)];
}

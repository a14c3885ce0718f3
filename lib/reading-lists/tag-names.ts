// Under which name each service stores a tag. Settings are checked by these, so they are apart from the adapters, of which
// only one is loaded.

/** Trimmed, then without leading `#`; what stood behind them is kept, spaces too. Case-sensitive. */
export function karakeepTagName(tag: string): string {
  return tag.trim().replace(/^#+/, '');
}

/** Trimmed; case-sensitive. */
export function readeckTagName(tag: string): string {
  return tag.trim();
}

/** Trimmed; case-insensitive, since keys of tags are lower case. */
export function readwiseTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Trimmed; case-insensitive, since its slugs are lower case. */
export function instapaperTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Trimmed; case-insensitive. */
export function raindropTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Trimmed and lower-cased. Commas would split a tag; the settings cannot contain one with a comma. */
export function wallabagTagName(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Trimmed, spaces replaced by hyphens; case-insensitive. */
export function linkdingTagName(tag: string): string {
  return tag.trim().replace(/ /g, '-').toLowerCase();
}

/** Trimmed; case-sensitive. */
export function linkwardenTagName(tag: string): string {
  return tag.trim();
}

/** Lower-cased, spaces made one and trimmed. */
export function shioriTagName(tag: string): string {
  return tag.toLowerCase().trim().split(/\s+/).join(' ');
}

/**
 * Trimmed; case-insensitive. A label is made by way of HTML, so that `A & B` comes back as `A &amp; B`:
 * https://github.com/omnivore-app/omnivore/issues/3456.
 */
export function omnivoreTagName(tag: string): string {
  const unescaped = tag
    .replaceAll(/&(amp;)+/gi, '&')
    .replaceAll(/&lt;/gi, '<')
    .replaceAll(/&gt;/gi, '>');
  return unescaped.trim().toLowerCase();
}

/**
 * The name of a tag as people write it, whether `tag` is what they wrote or what Pocket stored: `it's` for `it's` and
 * for `it\'s`. Written by a client, it becomes the same stored name again.
 */
export function pocketTagName(tag: string): string {
  const unescaped = tag.replaceAll(/\\+(?=['"])/g, '').replaceAll(/\\+/g, '\\');
  return cutPocketTag(unescaped).trimEnd();
}

/**
 * The name under which Pocket stores a tag that a client writes, and under which `get` returns it: cut, with quotes and
 * backslashes escaped as by PHP's addslashes. `tags_remove` and `tag_delete` take this name only. Empty if nothing is left.
 */
export function storedPocketTagName(tag: string): string {
  return cutPocketTag(tag)
    .replaceAll(/[\\'"]/g, String.raw`\$&`)
    .replaceAll('\0', String.raw`\0`);
}

/** Pocket cuts longer tags: code points. */
const MAX_POCKET_TAG_CHARACTERS = 25;

/** U+FFFD becomes `?`; trimmed, lower case, at most `MAX_POCKET_TAG_CHARACTERS`. */
function cutPocketTag(tag: string): string {
  const characters = Array.from(tag.replaceAll('\uFFFD', '?').trim().toLowerCase());
  return characters.slice(0, MAX_POCKET_TAG_CHARACTERS).join('');
}

/** What could move a terminal's cursor, or turn the text around it: C0, C1 and bidirectional controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]+/g;

/** The same text with a space for each run of control characters. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, ' ');
}

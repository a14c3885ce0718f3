/** Characters that can move a terminal's cursor or reverse text: C0, C1 and bidirectional controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is for control characters
const CONTROLS = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2028\u2029\u2066-\u2069]+/g;

/** The text with each run of control characters replaced by a space, so that it is safe to print. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, ' ');
}

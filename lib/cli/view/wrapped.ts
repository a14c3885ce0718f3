import stringWidth from 'string-width';
import { scriptsAsTyped } from '../typed-command.ts';

/**
 * Sentences on lines that are no wider than the terminal that they are written to, broken at spaces; as they are where
 * that is no terminal, or one that says it has no columns. What they tell to type is as it can be typed here.
 */
export function wrapped(
  text: string,
  { columns = 0 }: { readonly columns?: number | undefined } = process.stdout,
): string {
  return scriptsAsTyped(text)
    .split('\n')
    .map((line) => wrappedLine(line, columns || Number.POSITIVE_INFINITY))
    .join('\n');
}

/** Says on standard error what is wrong, also with `--quiet`. */
export function printError(sentence: string, calledAs = 'readtime'): void {
  console.error(wrapped(`${calledAs}: ${sentence}`, process.stderr));
}

function wrappedLine(text: string, columns: number): string {
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (stringWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

import stringWidth from 'string-width';
import { Failure, systemMessage } from '../../failure.ts';
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

/** Prints sentences on lines that are no wider than the terminal. */
export function say(text: string): void {
  console.log(wrapped(text));
}

/** How the command was started, and the list in hand, where there are several. */
type Speaker = { readonly calledAs?: string; readonly listName?: string | undefined };

/** Says on standard error what is wrong, also with `--quiet`. */
export function printError(sentence: string, { calledAs = 'readtime', listName }: Speaker = {}): void {
  const ofList = listName === undefined ? '' : `${listName}: `;
  console.error(wrapped(`${calledAs}: ${ofList}${sentence}`, process.stderr));
}

/** Says what ended a command: in a sentence, or where it is a bug with all that is known of it. */
export function printTrouble(error: unknown, speaker: Speaker = {}): void {
  const sentence = error instanceof Failure ? error.message : fileTrouble(error);
  if (sentence !== undefined) printError(sentence, speaker);
  else {
    if (speaker.listName !== undefined) printError('a mistake in the tagger itself', speaker);
    console.error(error);
  }
}

/** A sentence for an error of the file system that nobody expected. */
function fileTrouble(error: unknown): string | undefined {
  const { syscall, path = 'the current folder' } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : `Cannot use "${path}": ${systemMessage(error)}`;
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

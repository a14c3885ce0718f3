import confirm from '@inquirer/confirm';
import input from '@inquirer/input';
import password from '@inquirer/password';
import select from '@inquirer/select';
import { endOfInput } from '../interruption.ts';

/** Questions at a terminal. Each rejects where it is left by Ctrl-C or Ctrl-D; `isPromptLeft` knows that error. */
export type Questions = {
  choose<Value>(
    message: string,
    choices: readonly { readonly name: string; readonly value: Value }[],
    chosen?: Value,
  ): Promise<Value>;
  /** `problemOf` says what is wrong with an answer, in a clause. */
  text(message: string, problemOf: (answer: string) => string | undefined, given?: string): Promise<string>;
  /** What is typed is not shown. Nothing typed: the value that is `kept`, if there is one. */
  secret(message: string, kept?: string): Promise<string>;
  yes(message: string, byDefault: boolean): Promise<boolean>;
};

const NOTHING_TYPED = 'Nothing was typed or pasted';

/** Asks on standard output, and reads the answers from standard input. */
export function questions(): Questions {
  // One for all of them: each would listen for itself.
  const context = { signal: endOfInput() };
  const asSentence = (clause: string | undefined) => clause ?? true;
  return {
    choose: (message, choices, chosen) =>
      select(
        { message, choices, loop: false, pageSize: 10, ...(chosen !== undefined && { default: chosen }) },
        context,
      ),
    text: async (message, problemOf, given) => {
      const validate = (answer: string) =>
        asSentence(answer.trim() ? problemOf(answer.trim()) : NOTHING_TYPED);
      return (await input({ message, validate, ...(given && { default: given }) }, context)).trim();
    },
    secret: async (message, kept) => {
      const validate = (answer: string) => asSentence(answer.trim() || kept ? undefined : NOTHING_TYPED);
      const hint = kept ? ' (Enter keeps the one that is set)' : '';
      const answer = await password(
        { message: `${message}${hint}:`, mask: false, toggleMask: false, validate },
        context,
      );
      return answer.trim() || (kept ?? '');
    },
    yes: (message, byDefault) => confirm({ message, default: byDefault }, context),
  };
}

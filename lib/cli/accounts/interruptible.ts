import { interruption } from '../interruption.ts';
import { printError } from '../view/wrapped.ts';

/** That of a command that was stopped before the end. */
const STOPPED = 3;

/**
 * Does work that can be interrupted anywhere and begun again, as whatever changes accounts can. Ctrl-C ends the process
 * at once, with a sentence that says how to go on; `sayHowFar` is called before, and also where the work ends by itself.
 */
export async function interruptible<Result>(
  { sayHowFar, goOn }: { readonly sayHowFar: () => void; readonly goOn: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const { signal, dispose } = interruption();
  signal.addEventListener('abort', () => {
    sayHowFar();
    printError(`stopped before the end; ${goOn}`);
    process.exit(STOPPED);
  });
  return work().finally(() => {
    dispose();
    sayHowFar();
  });
}

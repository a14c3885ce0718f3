const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

let isInterrupted = false;

/** Whether somebody has ended a run, or left a prompt: then no other run is to begin. */
export function wasInterrupted(): boolean {
  return isInterrupted;
}

/** Says that a prompt was left, where that ends no more than the prompt. */
export function interrupt(): void {
  isInterrupted = true;
}

/** Aborts at the first Ctrl-C or SIGTERM, so that the batch in hand is finished; the second ends the process. */
export function interruption(): { readonly signal: AbortSignal; dispose(): void } {
  const stop = new AbortController();
  const abort = () => {
    interrupt();
    // Once all others were called: that of ora ends the process where it is the only one.
    setImmediate(dispose);
    stop.abort();
  };
  const dispose = () => {
    for (const signal of SIGNALS) process.off(signal, abort);
  };
  for (const signal of SIGNALS) process.on(signal, abort);
  return { signal: stop.signal, dispose };
}

/** Aborts at Ctrl-D, at which a prompt of inquirer would wait for ever. */
export function endOfInput(): AbortSignal {
  const end = new AbortController();
  process.stdin.on('keypress', (_, { ctrl, name }) => {
    if (ctrl && name === 'd') end.abort();
  });
  return end.signal;
}

/** Whether somebody left a prompt of Node or of inquirer by Ctrl-C or Ctrl-D. */
export function isPromptLeft(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(Exit|Abort)PromptError$/.test(error.name) || /^Aborted with Ctrl/.test(error.message);
}

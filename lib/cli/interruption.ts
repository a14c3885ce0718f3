/** When whoever started the command wants it to end: Ctrl-C, or a service manager. */
export type Interruption = { readonly signal: AbortSignal; forget(): void };

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Aborts the first time, so that work can come to its end; the second time the process ends at once. */
export function interruption(): Interruption {
  const stop = new AbortController();
  const abort = () => {
    forget();
    stop.abort();
  };
  const forget = () => {
    for (const signal of SIGNALS) process.off(signal, abort);
  };
  for (const signal of SIGNALS) process.on(signal, abort);
  return { signal: stop.signal, forget };
}

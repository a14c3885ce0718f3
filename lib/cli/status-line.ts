import ora from 'ora';

/** Where nothing can be overwritten, a line is written at most this often: milliseconds. */
const PLAIN_LINE_EVERY_MS = 5000;

export type StatusLine = {
  text(text: string): void;
  /** Makes room for a line of output. */
  clear(): void;
  end(): void;
};

/** Where the line is shown: by default on standard error. */
export type LineOptions = {
  readonly stream?: NodeJS.WriteStream;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds. */
  readonly now?: () => number;
};

/** What goes on: a line that changes at a terminal; elsewhere, or with NO_COLOR, plain lines now and then. */
export function statusLine(
  { quiet, text }: { quiet: boolean; text: string },
  { stream = process.stderr, env = process.env, now = () => performance.now() }: LineOptions = {},
): StatusLine {
  if (quiet) return { text() {}, clear() {}, end() {} };
  // A terminal that says it has no columns keeps ora busy for ever.
  const canSpin = stream.isTTY && stream.columns > 0 && !env.NO_COLOR;
  return canSpin ? spinning(stream, text) : plain(stream, now);
}

function spinning(stream: NodeJS.WriteStream, first: string): StatusLine {
  // With `discardStdin`, its default, the terminal no longer passes Ctrl-C on.
  const spinner = ora({ stream, text: first, discardStdin: false }).start();
  return {
    text(text) {
      spinner.text = text;
    },
    clear: () => void spinner.clear(),
    end: () => void spinner.stop(),
  };
}

function plain(stream: Pick<NodeJS.WriteStream, 'write'>, now: () => number): StatusLine {
  let lastAt = now();
  return {
    text(text) {
      if (now() - lastAt < PLAIN_LINE_EVERY_MS) return;
      lastAt = now();
      stream.write(`${text}\n`);
    },
    clear() {},
    end() {},
  };
}

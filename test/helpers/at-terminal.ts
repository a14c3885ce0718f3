import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** What to type when a text has been printed, after what was typed before. */
type Answer = readonly [after: string, keys: () => string | Promise<string>];

/** Runs a command of `readtime` in a terminal, as `inTerminal` does. */
export function atTerminal(
  typed: string,
  cwd: string,
  answers: readonly Answer[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  return inTerminal(
    `'${process.execPath}' -- '${resolve('lib/cli/readtime.ts')}' ${typed}`,
    cwd,
    answers,
    env,
  );
}

/**
 * Runs a command in a terminal of 100 columns (by util-linux's `script`), answers its prompts, and returns its output.
 */
export async function inTerminal(
  command: string,
  cwd: string,
  answers: readonly Answer[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn('script', ['-qec', `stty cols 100; ${command}`, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [...left] = answers;
  let [said, from] = ['', 0];
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += chunk;
    for (let [answer] = left; answer && said.includes(answer[0], from); [answer] = left) {
      left.shift();
      from = said.indexOf(answer[0], from) + answer[0].length;
      child.stdin.write(await answer[1]());
    }
  }
  child.stdin.end();
  return said;
}

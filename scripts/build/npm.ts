import { execFileSync } from 'node:child_process';

/** Runs npm, by its file where npm itself runs this, since on Windows its name is that of a script. */
export function npm(args: readonly string[], cwd: string): void {
  const { npm_execpath: file } = process.env;
  const [program, ...first] = file ? [process.execPath, file] : ['npm'];
  execFileSync(program, [...first, ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import type { Deadline } from '../deadline.ts';

/** For the whole document, from when the library is loaded. */
const MAX_READ_MS = 5_000;

/** For the start of the process, which takes 0.3 s of a whole processor; Lambda gives a seventh of one at 256 MB. */
const MAX_START_MS = 20_000;

/** As many as a page may have bytes; 200 pages of small print have a million. */
const MAX_TEXT_CHARACTERS = 5_000_000;

/** MB. Of the 96 MB that `pdf-process.ts` takes at most; a heap that is full ends that process. */
const HEAP_LIMITS = '--max-old-space-size=48 --max-semi-space-size=2';

const PROCESS = fileURLToPath(new URL('./pdf-process.ts', import.meta.url));

/** Each takes up to 96 MB, and Lambda has 256. */
const oneAtATime = pLimit(1);

/**
 * The text of a PDF, with line breaks between pages and lines, and words hyphenated at the end of a line joined.
 * `undefined` if it cannot be read: not a PDF, broken, encrypted, a decompression bomb, or not read in time, because
 * half a text would count as a quick read. Never rejects, whatever the bytes: they are read by a process of its own,
 * which is ended at its limits of memory and time.
 */
export function pdfText(
  bytes: Uint8Array,
  { signal }: Pick<Deadline, 'signal'>,
  { maxReadMs = MAX_READ_MS } = {},
): Promise<string | undefined> {
  return oneAtATime(async () => {
    if (signal.aborted) return undefined;
    const reader = startProcess();
    const end = () => reader.kill('SIGKILL');
    signal.addEventListener('abort', end);
    try {
      const text = await outputOf(reader, bytes, maxReadMs);
      return text?.replace(/(?<=\p{L})-\n(?=\p{Ll})/gu, '');
    } finally {
      signal.removeEventListener('abort', end);
    }
  });
}

/**
 * Without the environment, in which a terminal may have secrets; the path of libraries is how Lambda runs Node. Limits
 * are in it, since a single executable takes no options of Node as arguments.
 */
function startProcess(): ChildProcess {
  const { LD_LIBRARY_PATH } = process.env;
  return spawn(process.execPath, [PROCESS], {
    env: { NODE_OPTIONS: HEAP_LIMITS, ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) },
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
}

/** What the process writes after its first line; `undefined` if it fails, cannot be started or has to be ended. */
function outputOf(reader: ChildProcess, bytes: Uint8Array, maxReadMs: number): Promise<string | undefined> {
  const end = () => reader.kill('SIGKILL');
  let timer = setTimeout(end, MAX_START_MS);
  let output = '';
  reader.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    if (output === '') {
      clearTimeout(timer);
      timer = setTimeout(end, maxReadMs);
    }
    output += chunk;
    if (output.length > MAX_TEXT_CHARACTERS) end();
  });
  // Its end while it is being written to is seen below.
  reader.stdin?.on('error', () => {}).end(bytes);
  return new Promise<string | undefined>((resolve) => {
    reader.on('error', () => resolve(undefined));
    reader.on('close', (status) => resolve(status === 0 ? output.slice(1) : undefined));
  }).finally(() => clearTimeout(timer));
}

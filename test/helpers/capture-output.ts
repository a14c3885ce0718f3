/** Runs `work`, and captures what it writes to standard output and standard error. */
export async function captureOutput<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; written: string }> {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  let written = '';
  for (const stream of streams) {
    stream.write = ((chunk: unknown) => {
      written += String(chunk);
      return true;
    }) as typeof stream.write;
  }
  try {
    return { result: await work(), written };
  } finally {
    streams.forEach((stream, at) => {
      stream.write = originals[at] as typeof stream.write;
    });
  }
}

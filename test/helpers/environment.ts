/** Runs `work` with these variables in the environment, and no others of AWS or the tagger. */
export async function withEnvironment<Result>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<Result>,
): Promise<Result> {
  const restore = setEnvironment(variables);
  try {
    return await work();
  } finally {
    restore();
  }
}

/** The same until the function that it returns is called. */
export function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = { ...process.env };
  for (const name of Object.keys(process.env))
    if (/^(AWS|POCKET|SECRET|LOG)_/.test(name)) delete process.env[name];
  Object.assign(process.env, variables);
  return () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

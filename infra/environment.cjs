/**
 * The environment with `.env`, which is read as at a terminal. serverless's own `useDotenv` would put other variables
 * in for `$name`, and end a value at any `#`: another token than the terminal sends.
 */
module.exports = async () => {
  const { loadEnvFile } = await import('../lib/cli/files/env-file.ts');
  // Set where `--env-file` names another file: what is in that is in the environment already.
  if (!process.env.READTIME_ENV_FILE) loadEnvFile();
  return { ...process.env };
};

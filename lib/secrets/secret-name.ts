/**
 * `name#key`, taken apart. Neither Secrets Manager nor an environment variable has a `#` in a name, so the
 * first one begins the key.
 */
export function splitKey(reference: string): { readonly name: string; readonly key?: string } {
  const at = reference.indexOf('#');
  return at === -1 ? { name: reference } : { name: reference.slice(0, at), key: reference.slice(at + 1) };
}

/** The command that sets a secret. `name` may carry a key. */
export function setCommand(name: string, region?: string): string {
  return `npm run secrets -- set ${name}${region ? ` --region ${region}` : ''}`;
}

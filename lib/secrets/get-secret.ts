/**
 * PORT: one secret's text by its name; `name#key` picks one key of a JSON secret.
 * Rejects with a `Failure` of kind `credentials` or `settings` that names the secret and the remedy, never its text.
 */
export type GetSecret = (name: string) => Promise<string>;

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Failure } from '../failure.ts';
import type { GetSecret } from './get-secret.ts';

/** Secrets from AWS Secrets Manager; region, endpoint and credentials from the usual AWS variables. */
export function secretsManager(client = new SecretsManagerClient({})): GetSecret {
  return async (name) => {
    const { SecretString } = await client
      .send(new GetSecretValueCommand({ SecretId: name }))
      .catch((error: unknown) => {
        const code = error instanceof Error ? error.name : 'unknown error';
        throw new Failure('credentials', `Secret "${name}": Secrets Manager answered ${code}`);
      });
    const text = SecretString?.trim();
    if (text) return text;
    throw new Failure('credentials', `Secret "${name}": it is empty; store the value as plaintext`);
  };
}

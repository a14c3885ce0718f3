import type { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Says of each call of this client that it came over TLS, as a proxy in front of MiniStack would. MiniStack itself is
 * called over plain HTTP, which the policy of the dead-letter queue denies.
 */
export function overTls(client: SQSClient): SQSClient {
  client.middlewareStack.add(
    (next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-forwarded-proto'] = 'https';
      return next(call);
    },
    { step: 'build' },
  );
  return client;
}

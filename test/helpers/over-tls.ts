import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Says of each call of this client that it came over TLS, as a proxy in front of MiniStack would. MiniStack itself is
 * called over plain HTTP, which the policies of bucket, topic and dead-letter queue deny.
 */
export function overTls<Client extends S3Client | SNSClient | SQSClient>(client: Client): Client {
  const stack = client.middlewareStack as SQSClient['middlewareStack'];
  stack.add(
    (next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-forwarded-proto'] = 'https';
      return next(call);
    },
    { step: 'build' },
  );
  return client;
}

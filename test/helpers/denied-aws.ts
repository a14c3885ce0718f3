import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsEnvironment } from './fake-secrets-manager.ts';

export type DeniedAws = {
  /** Environment that directs the SDK to this server. */
  readonly env: Readonly<Record<string, string>>;
  /** How many requests it had. */
  readonly requests: () => number;
  close(): Promise<void>;
};

/** An AWS in which the operator may do nothing: each service refuses in the form that it answers in. */
export async function startDeniedAws(): Promise<DeniedAws> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const isQuery = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    response.writeHead(403, {
      'Content-Type': isQuery ? 'text/xml' : 'application/json',
      'x-amzn-errortype': 'AccessDeniedException',
    });
    response.end(
      isQuery
        ? '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>'
        : JSON.stringify({ __type: 'AccessDeniedException', message: 'no' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: awsEnvironment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

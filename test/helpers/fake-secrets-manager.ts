import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type SecretsCall = { readonly action: string; readonly body: Readonly<Record<string, unknown>> };
export type SecretsAnswer =
  | { readonly status?: number; readonly body: unknown }
  | 'hang'
  | 'reset'
  | 'trickle';

export type FakeSecretsManager = {
  /** Environment that directs the SDK to this server. */
  readonly env: Readonly<Record<string, string>>;
  /** A test that makes many may remove them. */
  readonly calls: SecretsCall[];
  /** Holds responses until `count` requests are open at the same time. */
  holdUntilOpen(count: number): void;
  close(): Promise<void>;
};

/**
 * A fake Secrets Manager (AWS JSON 1.1) whose responses the test chooses, for responses that MiniStack cannot produce.
 */
export async function startFakeSecretsManager(
  answer: (call: SecretsCall) => SecretsAnswer,
): Promise<FakeSecretsManager> {
  const calls: SecretsCall[] = [];
  let mustBeOpen = 0;
  const held: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const call = { action, body: (await json(request)) as SecretsCall['body'] };
    calls.push(call);
    if (held.length + 1 < mustBeOpen) {
      await new Promise<void>((resolve) => held.push(resolve));
    } else {
      mustBeOpen = 0;
      for (const release of held.splice(0)) release();
    }
    const given = answer(call);
    if (given === 'hang') return;
    if (given === 'trickle') {
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.1' });
      const drops = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(drops));
      return;
    }
    if (given === 'reset') {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status ?? 200, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: awsEnvironment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    calls,
    holdUntilOpen: (count) => {
      mustBeOpen = count;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An error as AWS sends it. */
export function awsError(type: string, message = '', status = 400): SecretsAnswer {
  return { status, body: { __type: type, Message: message, message } };
}

/** Environment that directs the SDK to this endpoint, with no other configuration of AWS. */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

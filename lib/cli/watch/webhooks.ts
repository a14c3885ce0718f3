import { Failure, joinSentences } from '../../failure.ts';
import {
  type Service,
  secretNameProblems,
  secretNamesOf,
  WEBHOOK_SECRET,
} from '../../reading-lists/service-settings.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { openSecrets } from '../../secrets/open-secrets.ts';
import type { Environment, Settings } from '../../settings.ts';
import { jsonLog } from '../../telemetry/telemetry.ts';
import type { PendingItems } from '../../webhooks/pending-items.ts';
import {
  type Hook,
  type ListenAddress,
  startWebhookServer,
  type WebhookServer,
} from '../../webhooks/webhook-server.ts';

const SECRETS = { token: WEBHOOK_SECRET };
/** A shorter one could be guessed by trying: characters. */
const MIN_TOKEN_CHARACTERS = 16;
const NEW_TOKEN = 'openssl rand -hex 32';

/** A list whose service sends events. */
type HookedList = {
  /** Empty where there is one list. */
  readonly name: string;
  readonly env: Environment;
  readonly settings: Settings;
  readonly pending: PendingItems;
};

type Callbacks = {
  /** Called with the name of a list when an event has told of an item of it. */
  readonly onItem: (list: string) => void;
  /** Called with a clause when the first event of a list is refused. */
  readonly onRefused: (reason: string) => void;
};

/** The webhooks of the lists, on one port. */
export type Webhooks = WebhookServer & {
  /** Where the events of each list are taken, in a sentence. */
  readonly sentences: readonly string[];
};

/**
 * Listens for the events of the services, and keeps the items that they tell of. Of several lists each has a path of its
 * own, which is its name. Rejects with a `Failure` where one has no webhook or no token, or nobody can listen on that
 * address.
 */
export async function serveWebhooks(
  lists: readonly HookedList[],
  address: ListenAddress,
  callbacks: Callbacks,
): Promise<Webhooks> {
  const hooks = await Promise.all(
    lists.map((list) =>
      hookOf(list, callbacks).catch((error) => {
        if (!(error instanceof Failure)) throw error;
        throw new Failure(error.kind, `${prefixOf(list.name)}${error.message}`);
      }),
    ),
  );
  const server = await startWebhookServer(hooks, address);
  const sentences = lists.map(({ name, settings }, at) => {
    const path = hooks[at]?.paths[0] ?? '';
    return `${prefixOf(name)}listening to ${SERVICES[settings.readingList].title} at ${server.url}${path}`;
  });
  return { ...server, sentences };
}

async function hookOf(
  { name, env, settings, pending }: HookedList,
  { onItem, onRefused }: Callbacks,
): Promise<Hook> {
  const { title, newItemIn }: Service = SERVICES[settings.readingList];
  if (!newItemIn)
    throw new Failure(
      'settings',
      `${title} has no webhook; leave --listen out, and what is new is found by the next run`,
    );
  const { secretName, getToken } = tokenOf(env, settings);
  checkToken(secretName, await getToken().catch(withRemedy));
  let isToldOfRefusal = false;
  return {
    paths: pathsOf(name, settings.readingList),
    getToken,
    newItemIn,
    onItem(id) {
      pending.add(id);
      onItem(name);
    },
    onRefused() {
      if (!isToldOfRefusal)
        onRefused(`${prefixOf(name)}an event was refused: its token is not that of ${secretName}`);
      isToldOfRefusal = true;
    },
  };
}

function prefixOf(name: string): string {
  return name && `${name}: `;
}

/** One list is at `/`, and at a path that says what it is. */
function pathsOf(name: string, service: string): string[] {
  return name === '' ? ['/', `/${service}`] : [`/${encodeURIComponent(name)}`];
}

function tokenOf(env: Environment, settings: Settings) {
  const problems = secretNameProblems({ secrets: SECRETS }, env);
  if (problems.length > 0) throw new Failure('settings', joinSentences(problems));
  const { token: secretName = SECRETS.token } = secretNamesOf({ secrets: SECRETS }, env);
  const source = openSecrets(settings, { env, log: jsonLog(env) });
  return { secretName, getToken: async () => (await source.getSecret(secretName)).trim() };
}

function checkToken(secretName: string, token: string): void {
  if (token.length >= MIN_TOKEN_CHARACTERS && !/\s/.test(token)) return;
  throw new Failure(
    'credentials',
    `Secret "${secretName}": has a blank, or fewer than ${MIN_TOKEN_CHARACTERS} characters; set it to what this prints: ${NEW_TOKEN}`,
  );
}

function withRemedy(error: unknown): never {
  if (!(error instanceof Failure && error.kind === 'credentials')) throw error;
  throw new Failure(error.kind, `${error.message}; make one, for here and the service, with: ${NEW_TOKEN}`);
}

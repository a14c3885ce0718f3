import type { FakeItem } from './fake-service.ts';

export type KarakeepOperation = 'created' | 'crawled' | 'edited' | 'ai tagged' | 'deleted';

/** Its `WEBHOOK_RETRY_TIMES`: tries in all, with no wait between them. */
const TRIES = 3;
/** Its `WEBHOOK_TIMEOUT_SEC`. */
const TIMEOUT_MS = 5000;

export type KarakeepWebhook = {
  /** Sends an event as the webhook worker of Karakeep 0.33 does: the status of each try, 0 where none came. */
  send(item: Pick<FakeItem, 'id' | 'url' | 'row'>, operation: KarakeepOperation): Promise<number[]>;
};

/** A webhook as somebody sets it up in Karakeep, for events of every kind. */
export function karakeepWebhook({ url, token }: { url: string; token?: string }): KarakeepWebhook {
  let jobs = 0;
  return {
    async send({ id, url: link, row }, operation) {
      const type = (row?.content as { type?: string } | undefined)?.type ?? 'link';
      jobs += 1;
      const jobId = String(jobs);
      const body = JSON.stringify({
        jobId,
        bookmarkId: id,
        userId: 'user',
        // A bookmark that is deleted has no more than its id.
        ...(operation === 'deleted' ? {} : { ...(type === 'link' && { url: link }), type }),
        operation,
      });
      const tries: number[] = [];
      while (tries.length < TRIES && !tries.some((status) => status >= 200 && status < 300))
        tries.push(await post(url, body, token));
      return tries;
    },
  };
}

async function post(url: string, body: string, token: string | undefined): Promise<number> {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return fetch(url, { method: 'POST', headers, body, signal }).then(
    ({ status }) => status,
    () => 0,
  );
}

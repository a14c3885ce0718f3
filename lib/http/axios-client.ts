import axios, { type AxiosInstance, isAxiosError } from 'axios';
import axiosRetry, { exponentialDelay } from 'axios-retry';

/** A passing fault is sent again this many times: after 0.4, 0.8 and 1.6 s, or when the service says. */
const RETRIES = 3;
/** The largest body read: bytes. A page of 30 items takes under 1 MB. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

export type AxiosClient = {
  readonly client: AxiosInstance;
  readonly isAxiosError: typeof isAxiosError;
  /** How long to wait before a retry, from 1 on: milliseconds. */
  readonly delayMs: (retry: number) => number;
};

/**
 * axios as the tagger uses it. It takes longer to load than the rest of a run together, so this file is imported
 * when the first request is sent.
 */
export function axiosClient(options: {
  readonly idleTimeoutMs: number;
  readonly backOffMs: number;
  readonly onSent: () => void;
}): AxiosClient {
  const client = axios.create({
    timeout: options.idleTimeoutMs,
    maxContentLength: BODY_LIMIT_BYTES,
    // A redirect would carry the credentials to wherever it points.
    maxRedirects: 0,
    headers: { Accept: 'application/json', 'User-Agent': 'readtime-tagger' },
  });
  axiosRetry(client, { retries: RETRIES, shouldResetTimeout: true });
  client.interceptors.request.use((config) => {
    options.onSent();
    return config;
  });
  return {
    client,
    isAxiosError,
    delayMs: (retry) => exponentialDelay(retry, undefined, options.backOffMs),
  };
}

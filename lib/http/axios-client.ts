import axios, { type AxiosInstance } from 'axios';

/** Maximum size of a response body: bytes. A page of 30 items takes under 1 MB. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * axios as the tagger uses it. The bundle of the function has this file beside it, not in it: import it when the first
 * request is sent, or each start of the function pays for it. `idleTimeoutMs`: maximum time without a byte, in ms.
 */
export function axiosClient({ idleTimeoutMs }: { idleTimeoutMs: number }): AxiosInstance {
  return axios.create({
    timeout: idleTimeoutMs,
    maxContentLength: MAX_BODY_BYTES,
    // A redirect would send the credentials to another host.
    maxRedirects: 0,
    // No status is an error of axios: `classifyResponse` decides.
    validateStatus: null,
    headers: { Accept: 'application/json', 'User-Agent': 'readtime-tagger' },
  });
}

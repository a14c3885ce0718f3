import * as z from 'zod';
import type { ReadingList } from '../reading-list.ts';
import { addressProblem, refuse, type ServiceSetting } from '../service.ts';
import { type PocketOptions, pocketCall } from './call.ts';
import { getItem, listUnread, type Places } from './listing.ts';
import { ACTIONS_PER_SEND, applyTags } from './writes.ts';

/** Pocket v3, and whatever speaks it. */
export function pocket(options: PocketOptions): ReadingList {
  const call = pocketCall(options);
  const places: Places = new Map();
  return {
    batchSize: ACTIONS_PER_SEND,
    listUnread: (deadline) => listUnread(call, deadline, places),
    applyTags: (changes, deadline, tell) => applyTags(call, changes, deadline, tell),
    getItem: (item, deadline) => getItem(call, item, places.get(item.id), deadline),
  };
}

/** The name under which Pocket keeps a tag: trimmed, lower-cased, cut to 25 characters, quotes escaped as PHP does. */
export function pocketTagName(tag: string): string {
  const kept = tag.replaceAll('\uFFFD', '?').trim().toLowerCase();
  return Array.from(kept)
    .slice(0, 25)
    .join('')
    .replace(/['"\\]/g, '\\$&');
}

const EXAMPLE = 'the base URL of a Pocket v3 server, such as http://127.0.0.1:8383/v3 of `npm run pocket`';

/** `POCKET_API_URL`: any Pocket but Mozilla's own, which is gone. */
export const pocketApiUrl: ServiceSetting = {
  variable: 'POCKET_API_URL',
  meaning: 'base URL of a Pocket v3 server, up to and including /v3',
  schema: z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) {
        return refuse(context, `is not set: Pocket's own API closed on 2025-10-08; set ${EXAMPLE}`);
      }
      const problem = addressProblem(text);
      if (problem !== undefined) return refuse(context, `${problem}; give ${EXAMPLE}`);
      const url = new URL(text);
      if (/(^|\.)getpocket\.com$/.test(url.hostname)) {
        return refuse(context, `is Pocket's own API, which closed on 2025-10-08; give ${EXAMPLE}`);
      }
      return url.href.replace(/\/+$/, '');
    }),
};

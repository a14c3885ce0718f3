import type { Item, Tag } from '../core/item.ts';
import { managedTags, type PlanRules } from '../core/plan.ts';
import { limitConcurrency } from '../http/call-limiters.ts';
import type { Request } from '../http/request.ts';
import { credentialsFrom } from '../secrets/credentials.ts';
import type { SecretSource } from '../secrets/get-secret.ts';
import type { Log } from '../telemetry/telemetry.ts';
import type { Page, ReadingList } from './reading-list.ts';
import type { Service } from './service-settings.ts';
import { SERVICES, type ServiceName } from './services.ts';

/** The reading list and its part of the settings. */
export type ReadingListSettings = {
  readonly readingList: ServiceName;
  /** Settings of the service, by the adapter's names for them. */
  readonly serviceSettings: Readonly<Record<string, string>>;
  /** Names of the secrets of the service, by the adapter's names for them. */
  readonly secretNames: Readonly<Record<string, string>>;
  readonly rules: PlanRules;
};

/** Opens the reading list of that name, with as many concurrent calls as it takes. Secrets are read at the first call. */
export async function openReadingList(
  { readingList, serviceSettings, secretNames, rules }: ReadingListSettings,
  { secrets, request, log }: { secrets: SecretSource; request: Request; log?: Log },
): Promise<ReadingList> {
  const { open, normalizeTag }: Service = SERVICES[readingList];
  const credentials = credentialsFrom(secrets, secretNames, log);
  const list = await open({
    settings: serviceSettings,
    credentials,
    request: limitConcurrency(request),
  });
  return withManagedTagNames(list, managedTags(rules), normalizeTag);
}

/**
 * Wraps a list so that managed tags on its items have the names of the settings, although the service stores them
 * under other names. `normalizeTag` returns the name that the service stores; tags with the same one are the same tag.
 * @internal
 */
export function withManagedTagNames(
  list: ReadingList,
  tags: readonly string[],
  normalizeTag: (tag: string) => string,
): ReadingList {
  const managed = new Map(tags.map((tag) => [normalizeTag(tag), tag]));
  const withName = (tag: Tag): Tag => {
    // Karakeep keeps `# short` as ` short`, which would become `short` if it were normalized again.
    const name = managed.get(tag.name) ?? managed.get(normalizeTag(tag.name));
    return name === undefined || name === tag.name ? tag : { ...tag, name, storedAs: tag.name };
  };
  const withNames = (item: Item): Item =>
    item.tags.length === 0 ? item : { ...item, tags: item.tags.map(withName) };
  async function* named(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
    for await (const page of pages) yield { ...page, items: page.items.map(withNames) };
  }
  const { findUnread } = list;
  return {
    ...list,
    listUnread: (deadline) => named(list.listUnread(deadline)),
    listAll: (deadline) => named(list.listAll(deadline)),
    ...(findUnread && { findUnread: (ids, deadline) => named(findUnread(ids, deadline)) }),
    async getItem(item, deadline) {
      const current = await list.getItem(item, deadline);
      return current && withNames(current);
    },
  };
}

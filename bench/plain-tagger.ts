import axios from 'axios';

const BANDS = [
  { tag: 'a quick read', upToMinutes: 2 },
  { tag: 'a medium read', upToMinutes: 5 },
  { tag: 'a long read', upToMinutes: Number.POSITIVE_INFINITY },
];

/** What the tagger is measured against: list the items, then one request for each, one after the other. */
export async function plainTagger(
  url: string,
): Promise<{ requests: number; tagged: number; listed: number }> {
  let requests = 0;
  const call = async (path: string, json: object) => {
    requests += 1;
    return (await axios.post(`${url}/${path}`, { consumer_key: 'bench', access_token: 'bench', ...json }))
      .data;
  };
  const items: { item_id: string; word_count: string }[] = [];
  for (;;) {
    const { list } = await call('get', {
      state: 'unread',
      sort: 'newest',
      count: '30',
      offset: String(items.length),
    });
    const page = Object.values<(typeof items)[number]>(list);
    if (page.length === 0) break;
    items.push(...page);
  }
  for (const { item_id, word_count } of items) {
    const minutes = Math.ceil(Number(word_count) / 238);
    const tags = BANDS.find(({ upToMinutes }) => minutes <= upToMinutes)?.tag;
    await call('send', { actions: [{ action: 'tags_add', item_id, tags }] });
  }
  return { requests, tagged: items.length, listed: items.length };
}

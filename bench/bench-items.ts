import type { NewItem } from '../lib/pocket-server/stored-item.ts';

const LANGUAGES = ['en', 'en', 'en', 'de', 'fr', ''];

/** So many untagged articles of 50 to 5,000 words, in several languages, newest first. */
export function* benchItems(count: number): Generator<NewItem> {
  for (let at = 0; at < count; at += 1) {
    yield {
      given_url: `https://example.com/articles/${at}`,
      given_title: `Article number ${at}, with a title of the usual length for an article`,
      excerpt:
        'The first two sentences of the article, which every reading list keeps beside the title. '.repeat(2),
      lang: LANGUAGES[at % LANGUAGES.length] ?? '',
      word_count: 50 + ((at * 7919) % 4951),
      time_added: 1_700_000_000 - at,
    };
  }
}

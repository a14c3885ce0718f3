import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { type PocketServer, startPocketServer } from '../pocket-server/server.ts';
import { openStore, type Store } from '../pocket-server/store.ts';
import type { NewItem } from '../pocket-server/stored-item.ts';
import { openInDataFolder } from './files/data-folder.ts';
import type { ListSource } from './options.ts';

/** Each is read by its own name, so that a bundle can have its text. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['ferry.html', readFileSync(new URL('sample-pages/ferry.html', import.meta.url), 'utf8')],
  ['garten.html', readFileSync(new URL('sample-pages/garten.html', import.meta.url), 'utf8')],
  ['kiln.html', readFileSync(new URL('sample-pages/kiln.html', import.meta.url), 'utf8')],
  ['members.html', readFileSync(new URL('sample-pages/members.html', import.meta.url), 'utf8')],
  ['toshokan.html', readFileSync(new URL('sample-pages/toshokan.html', import.meta.url), 'utf8')],
]);
/** Where the pages of an earlier run were: the port is another each time. */
const EARLIER_PAGE = /^http:\/\/127\.0\.0\.1:\d+\/pages\//;

/** An article: title, language, words, and the reader's own tags. */
type Article = readonly [title: string, lang: string, words: number, ...tags: string[]];

/** Newest first, as a reader would have saved them. */
const ARTICLES: readonly Article[] = [
  ['Tides, explained at the kitchen table', 'en', 1320],
  ['The bus that runs on time', 'en', 410, 'city'],
  ['A field guide to garden snails', 'en', 760],
  ['Why bread goes stale, and what to do with it', 'en', 980, 'recipes'],
  ['Warum Brücken singen', 'de', 1150],
  ['Le dernier phare habité', 'fr', 2240],
  ['How a library moved ten thousand books by hand', 'en', 1890],
  ['One paragraph on patience', 'en', 180],
  ['Cómo se escucha un bosque', 'es', 1430, 'nature'],
  ['The accountant who mapped the moon', 'en', 5200, 'history', 'a long read'],
  ['Repairing a zip with a pair of pliers', 'en', 320],
  ['Il mercato alle cinque del mattino', 'it', 870],
  ['De stilte van het wad', 'nl', 1560],
  ['Letters from a lighthouse keeper’s daughter', 'en', 8700, 'history'],
  ['Release notes you will want to read', 'en', 240, 'work'],
  ['Sju sorters kakor och deras tid', 'sv', 690, 'recipes'],
  ['What pilots write on napkins', 'en', 1040],
  ['A small theory of queues', 'en', 470],
  ['Järven jää ja sen äänet', 'fi', 540],
  ['The case for slower lifts', 'en', 610, 'city'],
  ['O relógio da estação', 'pt', 930],
  ['How to fold a fitted sheet, at last', 'en', 290],
  ['Zegarmistrz z ulicy Długiej', 'pl', 1210],
  ['Everything known about the colour of owls’ eyes', 'en', 3300, 'nature'],
  ['夜の図書館を歩く', 'ja', 1900],
  ['一座桥的四季', 'zh', 1400],
  ['Chess by post, 1931 to 1958', 'en', 6400, 'history'],
  ['Старый трамвай уходит в депо', 'ru', 1080],
  ['Two sentences about rain', 'en', 45],
  ['Çay bahçesinde bir öğleden sonra', 'tr', 520],
  ['The quiet engineering of benches', 'en', 1470, 'city'],
  ['Corrections, and why we print them', 'en', 505, 'a quick read'],
  ['A map is a promise', 'en', 1190],
  ['Fifty years of one weather station', 'en', 2700, 'a medium read'],
];

const VIDEOS: readonly (readonly [title: string, seconds: number])[] = [
  ['A potter centres clay, without a cut', 612],
  ['Sharpening a pencil properly', 95],
  ['Livestream of a nest', 0],
];

const HOUR_S = 3600;

/** Saved, and never looked at by the service: their length is in the page, if anywhere. The last one is gone. */
const UNPARSED: readonly (readonly [page: string, title: string])[] = [
  ['ferry.html', 'The last chain ferry'],
  ['garten.html', 'Was der Garten im Winter tut'],
  ['toshokan.html', '雨の日の古本屋'],
  ['members.html', "The glassblower's apprentice"],
  ['kiln.html', 'Firing a kiln in seven minutes'],
  ['gone.html', 'A page that was there once'],
];

/**
 * The sample: some forty items of every kind that a tagger meets, saved over nearly a year before `now` (seconds since
 * 1970). `pagesUrl` is where the pages of the unparsed ones are served.
 * @internal
 */
export function sampleList(now: number, pagesUrl: string): NewItem[] {
  const items: NewItem[] = [
    ...UNPARSED.map(([page, title]) => ({ given_url: `${pagesUrl}/${page}`, given_title: title })),
    ...ARTICLES.map(article),
    ...VIDEOS.map(video),
    aboutVideo('The talk everyone quotes, with its transcript', 2100),
    {
      given_url: 'https://sample.example/maps/harbour.png',
      given_title: 'The harbour in 1890',
      has_image: 2,
    },
  ];
  return items.map((item, at) => ({ ...item, time_added: now - at * at * 4 * HOUR_S }));
}

function article([title, lang, words, ...tags]: Article, at: number): NewItem {
  return {
    given_url: `https://sample.example/articles/${at + 1}`,
    given_title: title,
    lang,
    word_count: words,
    // Half of them as from a service that counts words and shows no minutes.
    ...(at % 2 === 0 && { time_to_read: 0 }),
    tags,
  };
}

function video([title, seconds]: (typeof VIDEOS)[number], at: number): NewItem {
  const video = { video_id: '1', src: `https://sample.example/embed/${at + 1}`, width: '640', height: '360' };
  return {
    given_url: `https://sample.example/videos/${at + 1}`,
    given_title: title,
    has_video: 2,
    media: { videos: [{ ...video, type: '5', vid: '', length: String(seconds) }] },
  };
}

function aboutVideo(title: string, words: number): NewItem {
  const top_image_url = 'https://i.ytimg.com/vi/sample/hqdefault.jpg';
  return {
    given_url: 'https://sample.example/talk',
    given_title: title,
    lang: 'en',
    word_count: words,
    has_video: 1,
    top_image_url,
  };
}

export type Sample = {
  readonly server: PocketServer;
  readonly unread: number;
  /** The settings that lead to it. */
  readonly settings: Readonly<Record<string, string>>;
};

/** Serves the sample reading list and its pages, kept in `.data/` so that a second run finds it tagged. */
export async function serveSample({ fresh = false, ...source }: ListSource): Promise<Sample> {
  const open = (path: string) => {
    if (fresh) for (const suffix of ['', '-shm', '-wal']) rmSync(`${path}${suffix}`, { force: true });
    return openStore(path);
  };
  const store = openInDataFolder('sample.sqlite', open, source);
  const credentials = { consumerKey: randomUUID(), accessToken: randomUUID() };
  const server = await startPocketServer({ store, credentials, pages: PAGES });
  const { origin, host } = new URL(server.url);
  if (store.count() === 0) store.insert(sampleList(Math.floor(Date.now() / 1000), `${origin}/pages`));
  else movePages(store, `${origin}/pages/`);
  const settings = {
    READING_LIST: 'pocket',
    POCKET_API_URL: server.url,
    PAGES_ALLOW_HOSTS: host,
    SECRETS_FROM: 'env',
    POCKET_KEY_SECRET: 'POCKET_KEY',
    POCKET_TOKEN_SECRET: 'POCKET_TOKEN',
    POCKET_KEY: credentials.consumerKey,
    POCKET_TOKEN: credentials.accessToken,
  };
  return { server, unread: store.count({ statuses: [0] }), settings };
}

function movePages(store: Store, to: string): void {
  store.transaction(() => {
    for (const { item_id, given_url } of store.everything()) {
      if (EARLIER_PAGE.test(given_url))
        store.change(item_id, { given_url: given_url.replace(EARLIER_PAGE, to) });
    }
  });
}

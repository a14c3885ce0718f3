/** What services store in place of an article: a wall has no length for its few words, nor a video for its description. */
import assert from 'node:assert/strict';
import { decideItem } from '../../lib/run/decide-item.ts';
import { NO_DEADLINE } from '../helpers/pocket.ts';
import { isLogin } from '../helpers/services/fake-service.ts';
import { setupOf } from '../helpers/services/setups.ts';
import { RULES, underTest } from '../helpers/services/under-test.ts';
import { everyItem } from './reading-list-contract.ts';

/** By service, the answer to a listing of one item, and to a call for its text. */
const ANSWERS: Readonly<Record<string, (url: string, html: string) => { listing: object; text: string }>> = {
  karakeep: (url, html) => ({
    listing: {
      bookmarks: [{ id: '7', content: { type: 'link', url, crawlStatus: 'success', htmlContent: html } }],
    },
    text: '{}',
  }),
  readeck: (url, html) => ({
    // It counts whatever it has stored.
    listing: [{ id: '7', url, loaded: true, type: 'article', word_count: 60, reading_time: 1 }],
    text: html,
  }),
  wallabag: (url, html) => ({
    // As does it.
    listing: { total: 1, _embedded: { items: [{ id: 7, url, reading_time: 1 }] } },
    text: JSON.stringify({ content: html }),
  }),
  linkwarden: (url, html) => ({
    listing: {
      data: { links: [{ id: 7, url, readable: 'archives/1/7_readability.json' }], nextCursor: null },
    },
    text: JSON.stringify({ content: html }),
  }),
  shiori: (url, html) => ({
    listing: { maxPage: 1, bookmarks: [{ id: 7, url, hasContent: true, tags: [] }] },
    text: JSON.stringify({ html, content: '' }),
  }),
  omnivore: (url, html) => ({
    // As do Readeck and wallabag.
    listing: {
      data: {
        search: {
          edges: [
            { node: { id: '7', originalArticleUrl: url, state: 'SUCCEEDED', wordsCount: 60, labels: [] } },
          ],
        },
      },
    },
    text: JSON.stringify({ data: { article: { article: { content: html } } } }),
  }),
  instapaper: (url, html) => ({
    listing: { bookmarks: [{ id: 7, url }], total: 1 },
    text: JSON.stringify({ content: { body: html, words: 60 } }),
  }),
};

const PAGE = 'https://example.com/2026/11/the-old-bank';
const talk = '<p>In this talk we look at how bridges are built, and at why some of them fall.</p>'.repeat(9);

const STORED: readonly (readonly [what: string, url: string, html: string, decided: string])[] = [
  [
    'a page that asks for consent',
    PAGE,
    '<div><h1>Before you continue</h1><p>We and our 812 partners use cookies. Accept all to go on reading.</p></div>',
    'consent-wall',
  ],
  ['a check for robots', PAGE, '<p>Checking if the site connection is secure</p>', 'blocked'],
  ['a login', PAGE, '<p>Please log in to read this story.</p>', 'login'],
  ['the frame of an app', PAGE, '<p>Please enable JavaScript to run this app.</p>', 'needs-javascript'],
  [
    'the beginning of a paid article',
    PAGE,
    '<p>The bank on the corner closed last week.</p><p>Subscribe to continue reading this article.</p>',
    'paywall',
  ],
  [
    'a page that is gone',
    PAGE,
    '<h1>Oops</h1><p>The page you are looking for was not found.</p>',
    'not-found',
  ],
  ['a notice in a language without rules', PAGE, '<p>Sivu on hetken poissa käytöstä.</p>', 'not-an-article'],
  ['a description at YouTube', 'https://www.youtube.com/watch?v=x', talk, 'video-without-duration'],
  ['one at youtu.be', 'https://youtu.be/x', talk, 'video-without-duration'],
  ['one at Vimeo', 'https://vimeo.com/1234', talk, 'video-without-duration'],
  [
    'an article about videos',
    'https://example.com/youtube.com/watch',
    `<article>${talk}</article>`,
    'change',
  ],
];

for (const [name, answersOf] of Object.entries(ANSWERS)) {
  describe(`${name} stores in place of an article`, () => {
    for (const [what, url, html, decided] of STORED)
      it(`${what}: ${decided}`, async () => {
        const { listing, text } = answersOf(url, html);
        let isListed = false;
        const under = await underTest(setupOf(name), [], {
          fault: ({ path }) => {
            if (isLogin(path) || ['/api/config.json', '/api/v1/users/me'].includes(path)) return undefined;
            if (isListed) return new Response(text);
            isListed = true;
            return Response.json(listing);
          },
        });
        const [item] = await everyItem(under.list);
        assert.ok(item);
        const deadlines = { reading: NO_DEADLINE };
        const decision = await decideItem({ mode: 'full', rules: RULES, list: under.list, deadlines }, item);
        await under.close();
        assert.equal(decision.kind === 'skip' ? decision.reason : decision.kind, decided);
      });
  });
}

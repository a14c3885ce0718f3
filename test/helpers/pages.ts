/** Small pages, built from parts. */

const SENTENCES = [
  'The old ferry left the harbour before anyone on the quay had finished their coffee.',
  'Nobody expected the river to rise again, but by noon it stood at the second step.',
  'She had kept the letters in a tin box, sorted by year and tied with green string.',
  'What the survey did not say was how many of those houses had ever been lived in.',
  'In the afternoon the wind turned, and with it the mood of everyone on the hill.',
  'A good map, he used to say, leaves out almost everything and still gets you home.',
  'They rebuilt the bridge twice, first in wood and then, at great cost, in stone.',
  'It took the council nine years to agree on a colour for the doors of the library.',
];

/** A paragraph of that many sentences; `from` chooses where in the stock it begins. */
export const paragraph = (sentences: number, from = 0): string =>
  Array.from({ length: sentences }, (_, at) => SENTENCES[(from + at) % SENTENCES.length]).join(' ');

/** Paragraphs of six sentences, as HTML, no two alike. */
export const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<p>${paragraph(5, at * 3)} That was in ${1900 + at}.</p>`).join(
    '\n',
  );

export const NAVIGATION = `<nav class="main-nav"><ul>${[
  'Home',
  'World',
  'Culture',
  'Opinion',
  'About us',
  'Contact',
]
  .map((name) => `<li><a href="/${name}">${name}</a></li>`)
  .join('')}</ul></nav>`;

export const FOOTER = `<footer class="site-footer"><p>© 2026 The Harbour Post. All rights reserved.</p>
<ul><li><a href="/terms">Terms of use</a></li><li><a href="/privacy">Privacy policy</a></li></ul></footer>`;

export const RELATED = `<aside class="related-stories"><h3>Related stories</h3><ul>${Array.from(
  { length: 6 },
  (_, at) => `<li><a href="/story-${at}">${paragraph(1, at)}</a></li>`,
).join('')}</ul></aside>`;

export const COMMENTS = `<section id="comments" class="comments-area"><h3>12 comments</h3>${Array.from(
  { length: 6 },
  (_, at) =>
    `<div class="comment"><span class="comment-author"><a href="/user/${at}">reader${at}</a> says:</span><div class="comment-content"><p>${paragraph(2, at)}</p></div><a href="#reply">Reply</a></div>`,
).join('')}</section>`;

export type PageParts = {
  readonly title?: string;
  readonly head?: string;
  readonly before?: string;
  readonly after?: string;
};

/** A whole page around the HTML of an article. */
export const pageOf = (
  article: string,
  { title = 'The river', head = '', before = '', after = '' }: PageParts = {},
): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title} - The Harbour Post</title>${head}</head>
<body><header class="site-header"><a href="/">The Harbour Post</a>${NAVIGATION}</header>
${before}<main><article class="post"><h1>${title}</h1><div class="entry-content">${article}</div></article></main>${after}
${FOOTER}</body></html>`;

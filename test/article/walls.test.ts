/** Walls in twelve languages, of which half were looked at while the rules were written; and short articles in each. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { articleText } from '../../lib/article/article-text.ts';
import { LANGUAGES_SEEN, STORIES, shortArticlePage, WALLS, wallPage } from '../fixtures/walls.ts';

/** Walls that people met, kept beside the project: data that is not part of it. */
const SHARED = '../shared/pages/walls.json';
const MIN_TOLD = 0.9;

describe('walls', () => {
  it('are at least 100, in twelve languages', () => {
    assert.ok(WALLS.length >= 100);
    assert.equal(new Set(WALLS.map(([language]) => language)).size, 12);
  });

  for (const language of Object.keys(STORIES)) {
    const rows = WALLS.filter((row) => row[0] === language);
    const isSeen = LANGUAGES_SEEN.has(language);
    it(`have no length in ${language}${isSeen ? '' : ', which the rules were not written by'}`, () => {
      const missed = rows.filter((row) => articleText(wallPage(row)).unknown === undefined);
      assert.ok(missed.length <= rows.length * (1 - MIN_TOLD), missed.map(([, , title]) => title).join(', '));
    });

    it(`are told from a short article in ${language}`, () => {
      const { unknown, words } = articleText(shortArticlePage(language));
      assert.equal(unknown, undefined);
      assert.ok(words > 40);
    });
  }

  it('have the reason that says what to do: pay, log in, or nothing', () => {
    const rows = WALLS.filter(([, reason]) => reason === 'paywall' || reason === 'login');
    const right = rows.filter((row) => articleText(wallPage(row)).unknown === row[1]);
    assert.ok(right.length >= rows.length * MIN_TOLD, `${right.length} of ${rows.length}`);
  });

  /** Made after public reports, each with the reason that its README gives. */
  const reported = {
    '../shared/reports/n1-app-shell-70-words.html': 'needs-javascript',
    '../shared/reports/n2-noscript-notice-beside-footer.html': 'needs-javascript',
    '../shared/reports/n3-pur-abo-wall-de.html': 'consent-wall',
    '../shared/reports/n3d-consent-it.html': 'consent-wall',
    '../shared/reports/n9-front-page.html': 'not-an-article',
  };
  for (const [path, reason] of Object.entries(reported)) {
    it(`of reports: ${path} is ${reason}`, function () {
      if (!existsSync(path)) this.skip();
      assert.equal(articleText(readFileSync(path, 'utf8')).unknown, reason);
    });
  }

  it('that people met have no length', function () {
    if (!existsSync(SHARED)) this.skip();
    const walls = JSON.parse(readFileSync(SHARED, 'utf8')) as { name: string; html: string }[];
    const missed = walls.filter(({ html }) => articleText(html).unknown === undefined);
    assert.deepEqual(
      missed.map(({ name }) => name),
      [],
    );
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { countWords } from '../../lib/core/count-words.ts';
import {
  ENGLISH_WORDS_PER_MINUTE,
  minutesToRead,
  ownSpeed,
  type TextLength,
  wordsPerMinute,
} from '../../lib/core/reading-speed.ts';

describe('wordsPerMinute', () => {
  it('is the English average for the average reader', () => {
    assert.equal(wordsPerMinute('en'), 238);
    assert.equal(wordsPerMinute(), ENGLISH_WORDS_PER_MINUTE);
  });

  it('scales every language by the reader’s ratio to the average', () => {
    assert.equal(wordsPerMinute('de', { wordsPerMinute: 476 }), 2 * wordsPerMinute('de'));
    assert.equal(wordsPerMinute('en', { wordsPerMinute: 300 }), 300);
    assert.equal(wordsPerMinute('zh', { wordsPerMinute: 476 }), 2 * wordsPerMinute('zh'));
  });
});

describe('minutesToRead', () => {
  it('adds up a text of both kinds', () => {
    const text = { words: 238 + 189, cjkWords: 189, cjkCharacters: 439 };
    assert.equal(minutesToRead(text, 'en'), 2);
  });

  it('makes characters of a service’s Chinese words', () => {
    assert.equal(minutesToRead({ words: 439 }, 'zh').toFixed(6), (1.41).toFixed(6));
  });
});

describe('average speeds', () => {
  const rows: [why: string, language: string, perMinute: number, unit: 'words' | 'characters'][] = [
    ['measured silently', 'fr', 214, 'words'],
    [
      'silent speeds of a language with longer words are no lower than what is read aloud',
      'de',
      260,
      'words',
    ],
    ['what stands between spaces: eojeol, not syllables', 'ko', 202, 'words'],
    ['only read aloud, 181: times 238 / 228', 'pt', 189, 'words'],
    ['of a region', 'pt-BR', 189, 'words'],
    ['read silently, not the 373 of reading aloud', 'ja', 600, 'characters'],
    ['read silently, not the 266 of reading aloud', 'zh-Hant', 439, 'characters'],
    ['a language without a speed reads as English', 'th', 238, 'words'],
  ];
  for (const [why, language, perMinute, unit] of rows)
    it(`${language} is read at ${perMinute} ${unit} a minute: ${why}`, () =>
      assert.equal(minutesToRead(aMinuteOf(perMinute, unit), language).toFixed(9), '1.000000000'));

  it('reads ten syllables of Korean in as many words as stand between spaces', () => {
    const { words } = countWords('한국어 문장은 띄어쓰기로 나뉜다');
    assert.equal(minutesToRead({ words }, 'ko'), 4 / 202);
  });

  it('are those of docs/terminal.md, each with its source, and no others', () => {
    const [, section = ''] = readFileSync('docs/terminal.md', 'utf8').split('\n## Reading speeds\n');
    const documented = [
      ...section.matchAll(/^\| [^|]+ \(`(\w\w)`\) \| (\d+) (words|characters) \| ([^|]+) \|$/gm),
    ];
    assert.equal(documented.length, 18);
    for (const [, language = '', perMinute, unit, source = ''] of documented) {
      const text = aMinuteOf(Number(perMinute), unit);
      assert.equal(minutesToRead(text, language).toFixed(9), '1.000000000', language);
      assert.match(source, /\b(?:19|20)\d\d\b|\bIReST\b/, language);
    }
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const special = letters
      .flatMap((first) => letters.map((second) => first + second))
      .filter((language) => wordsPerMinute(language) !== ENGLISH_WORDS_PER_MINUTE);
    const languages = documented.map(([, language]) => language).filter((language) => language !== 'en');
    assert.deepEqual(special, languages.toSorted());
  });
});

/** A text of so much, as it is counted. */
function aMinuteOf(length: number, unit?: string): TextLength {
  return unit === 'characters' ? { words: 1, cjkWords: 1, cjkCharacters: length } : { words: length };
}

describe('ownSpeed', () => {
  const rows: [why: string, words: number, elapsedMs: number, speed: number | undefined][] = [
    ['a minute', 238, 60_000, 238],
    ['rounded to a whole number', 100, 35_000, 171],
    ['the slowest that the setting takes', 20, 60_000, 20],
    ['slower than that: somebody went for coffee', 19, 60_000, undefined],
    ['the fastest that the setting takes', 2000, 60_000, 2000],
    ['faster than that: nobody read it', 200, 100, undefined],
    ['no time at all', 200, 0, undefined],
  ];
  for (const [why, words, elapsedMs, speed] of rows)
    it(why, () => assert.equal(ownSpeed(words, elapsedMs), speed));
});

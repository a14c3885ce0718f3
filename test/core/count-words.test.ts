import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countWords, countWordsRoughly } from '../../lib/core/count-words.ts';

const icu = new Intl.Segmenter('en', { granularity: 'word' });
const icuWords = (text: string): number => [...icu.segment(text)].filter((part) => part.isWordLike).length;

/** All texts of at most so many of these characters. */
function textsOf(characters: readonly string[], length: number): readonly string[] {
  if (length === 0) return [''];
  const shorter = textsOf(characters, length - 1);
  return ['', ...shorter.flatMap((text) => characters.map((character) => text + character))];
}

/** Any code points, halves of characters among them. `fc.string({ unit: 'binary' })` takes a second to begin. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 300 })
  .map((codes) => String.fromCodePoint(...codes));

describe('countWords', () => {
  const rows: readonly (readonly [text: string, words: number, reason: string])[] = [
    ['', 0, 'nothing to count'],
    [' \n\t ', 0, 'white space is no word'],
    ['One, two; three.', 3, 'punctuation separates'],
    ["don't stop", 2, 'a straight apostrophe joins letters'],
    ['l’été dernier', 2, 'so does a typographic one'],
    ['U.S.A. and e.g. this', 4, 'a full stop between letters joins'],
    ['3.14 and 1,000,000', 3, 'a point or comma between digits joins'],
    ['end.Next', 1, 'a missing space after a full stop joins, as in ICU'],
    ['state-of-the-art', 4, 'a hyphen separates'],
    ['snake_case', 1, 'an underscore joins'],
    ['___ --- *** ', 0, 'rules drawn with characters are no words'],
    ['covid19 b2b', 2, 'letters and digits run on'],
    ['co\u00adoperate', 1, 'a soft hyphen is silent'],
    ['e\u0301te\u0301', 1, 'combining marks are part of their letter'],
    ['🎉 party 👩‍👩‍👧', 1, 'emoji are no words'],
    ['Привет, мир', 2, 'Cyrillic'],
    ['مرحبا بالعالم', 2, 'Arabic'],
    ['नमस्ते दुनिया', 2, 'Devanagari with its vowel signs'],
    ['안녕하세요 세계', 2, 'Korean has spaces'],
    ['สวัสดีครับ', 2, 'Thai has none: ICU splits it by dictionary'],
    ['\ud800 lone \udfff', 1, 'halves of a character are no word'],
    ['𐐔𐐯𐑅𐐨𐑉𐐯𐐻', 1, 'letters beyond 16 bits are letters'],
    ['\uffffa b', 2, 'the last character of 16 bits takes nothing with it'],
    ['\u{31350}', 1, 'Han of the last plane that has words'],
    ['\u{323af}', 1, 'the last of them'],
  ];
  const addresses: readonly (readonly [text: string, words: number, reason: string])[] = [
    ['https://shop.example.com/a-long/path.html?utm_source=x&id=1#part-2', 1, 'a URL is one word'],
    ['Read https://example.com/a/b, then go.', 4, 'the words around a URL count as ever'],
    ['(https://example.com/Foo_(bar)/baz).', 1, 'brackets and a full stop around it are none of its own'],
    ['[the text](https://example.com/a/b)', 3, 'nor is the text of a link in Markdown'],
    ['请看https://example.com/a/b。谢谢', 3, 'Han characters touch it without being part of it'],
    ['https://de.wikipedia.org/wiki/Künstliche_Intelligenz-Forschung', 1, 'letters of any script'],
    ['example.com/shop/a-thing', 1, 'a URL without its scheme'],
    ['Write to jo.doe@mail.example.com!', 3, 'an e-mail address'],
    ['mailto:jo@example.com', 1, 'and with its scheme'],
    ['@user@social.example', 1, 'an account of the Fediverse'],
    ['doi:10.1016/j.jml.2019.104047 10.1016/j.jml.2019.104047', 2, 'a DOI'],
    ['/usr/local/lib/node_modules', 1, 'a path'],
    ['C:\\Users\\me\\notes.txt', 1, 'a path of Windows'],
    ['~/a-file', 1, 'a path from home'],
    ['lib/core/count-words.ts', 1, 'a path to a file'],
    [`sha256:${'0a1b'.repeat(16)} ${'0a1b'.repeat(10)}`, 2, 'hashes'],
    ['https://example.com|https://example.org', 2, 'a bar keeps two of them apart'],
    ['and/or he/she/it km/h TCP/IP 24/7', 11, 'a slash between words separates'],
    ['12:30 NYSE:CRM re:Invent', 6, 'so does a colon, other than in ICU'],
    ['U.S./China Mr./Mrs.', 4, 'also behind a full stop'],
    ['__________ a/b', 2, 'a line to write on is no word, other than in ICU'],
    ['xdoi:a/b a10.1000/xy', 5, 'a scheme or a DOI inside a word is none'],
    ['See lib/core/count-words.ts. (lib/a-b.ts), then', 4, 'marks behind a path are not its own'],
    [
      'https://example.com/a-٣-b https://example.com/a\u00adb-c',
      2,
      'digits of any script, and hidden hyphens',
    ],
    ['say/example.com/a example.com;x/y', 6, 'nor is a host in the middle, or before another mark'],
    ['a.b-c.com/x me@host-1.com', 2, 'a host with hyphens and digits is one'],
    ['../a-b/c ..\\a-b /usr/-/', 3, 'paths from above, and of few letters'],
    ['src/a-b.tsx src/x/a-b.ts', 2, 'paths to files'],
    ['src/a-b.toolong src-a-b.ts x,src/a-b.ts', 8, 'no extension, no folder, more before it'],
    [`x.sha256:${'0a'.repeat(16)} sha256:${'0a'.repeat(16)}-xyz`, 5, 'a hash with more before or behind it'],
    ['/*/*/ ./. :// @@', 0, 'marks without a letter are no words'],
    [`https://example.com/${'a/'.repeat(5000)} end`, 2, 'an address of any length'],
  ];
  for (const [text, words, reason] of [...rows, ...addresses]) {
    it(`counts ${words} in ${JSON.stringify(text.slice(0, 80))}: ${reason}`, () => {
      assert.equal(countWords(text).words, words);
    });
  }

  it('counts the characters of Chinese and Japanese beside their words', () => {
    assert.deepEqual(countWords('你好世界'), { words: 2, cjkCharacters: 4, cjkWords: 2 });
    assert.deepEqual(countWords('I like 你好世界。'), { words: 4, cjkCharacters: 4, cjkWords: 2 });
    assert.deepEqual(
      countWords('世界abc世界'),
      { words: 3, cjkCharacters: 4, cjkWords: 2 },
      'letters between',
    );
    assert.deepEqual(countWords('世界123'), { words: 2, cjkCharacters: 2, cjkWords: 1 }, 'digits behind');
    assert.deepEqual(countWords('สวัสดีครับ'), { words: 2, cjkCharacters: 0, cjkWords: 0 }, 'no other script');
    assert.deepEqual(countWords('𠮷野家'), { ...countWords('吉野家') }, 'also beyond 16 bits');
  });

  it('counts each digit and letter of full width as ICU does', () => {
    assert.equal(countWords('ＡＢＣ １２３').words, icuWords('ＡＢＣ １２３'));
  });

  it('agrees with ICU on every short text of one character of each kind', () => {
    for (const text of textsOf(['a', '1', '.', '·', ',', ' ', '\u0301', '世'], 4)) {
      assert.equal(countWords(text).words, icuWords(text), JSON.stringify(text));
    }
  });

  it('does not change with a space more at either end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.deepEqual(countWords(`  ${text}\n`), countWords(text));
      }),
    );
  });

  it('is additive over texts that a space keeps apart', () => {
    const words = fc.array(fc.constantFrom('one', "don't", '3.14', 'été', 'мир', '世界', 'สวัสดี', '--'));
    fc.assert(
      fc.property(words, words, (a, b) => {
        const [left, right] = [a.join(' '), b.join(' ')];
        assert.equal(
          countWords(`${left} | ${right}`).words,
          countWords(left).words + countWords(right).words,
        );
      }),
    );
  });

  it('agrees with ICU on words of letters, digits and apostrophes', () => {
    const word = fc.stringMatching(/^[a-zäé]{1,8}(?:['’.][a-z]{1,4})?$|^\d{1,4}(?:[.,]\d{1,3})?$/);
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(' ', ', ', '. ', ' – ', '\n'), (parts, between) => {
        const text = parts.join(between);
        assert.equal(countWords(text).words, icuWords(text));
      }),
    );
  });

  it('never counts more words than characters', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { words, cjkCharacters, cjkWords } = countWords(text);
        assert.ok(words >= 0 && words <= text.length && cjkCharacters <= text.length && cjkWords <= words);
      }),
    );
  });
});

describe('countWordsRoughly', () => {
  it('is exact where there are spaces between words', () => {
    const text = "It doesn't matter: 3.14 is near enough, мой друг.";
    assert.deepEqual(countWordsRoughly(text), { ...countWords(text), isExact: true });
  });

  for (const [text, reason] of [
    ['See lib/core for more', 'what may be an address'],
    ['Is it so:', 'a mark at the end, behind which more may come'],
    ['Two words 你好', 'Chinese'],
    ['สวัสดี', 'Thai'],
  ]) {
    it(`does not claim to be exact on "${text}": ${reason}`, () =>
      assert.equal(countWordsRoughly(text ?? '').isExact, false));
  }

  it('counts as countWords does whatever it claims to be exact on', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { isExact, ...count } = countWordsRoughly(text);
        if (isExact) assert.deepEqual(count, countWords(text));
      }),
    );
  });

  it('counts the parts of an address, as the models were trained', () => {
    assert.equal(countWordsRoughly('https://example.com/a-b').words, 4);
  });

  it('is within a third of ICU on Chinese, Japanese and Thai', () => {
    for (const text of [
      '阅读是一种习惯,也是一种生活方式。很多人每天都会花时间看新闻和文章。',
      '私は毎日電車の中で記事を読みます。長い文章は週末に取っておきます。',
      'ฉันชอบอ่านหนังสือและบทความทุกวันเพราะได้ความรู้ใหม่',
    ]) {
      const exact = countWords(text).words;
      assert.ok(Math.abs(countWordsRoughly(text).words - exact) < exact / 3, text);
    }
  });
});

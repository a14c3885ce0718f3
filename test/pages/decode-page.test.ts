import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodePage } from '../../lib/pages/decode-page.ts';

/** Encodes text by what the decoder makes of every one or two bytes. */
function encode(text: string, encoding: string): Uint8Array {
  const decoder = new TextDecoder(encoding);
  const bytesOf = new Map<string, readonly number[]>();
  for (let second = 0xff; second >= 0x40; second--) {
    for (let first = 0xff; first > 0x80; first--) {
      bytesOf.set(decoder.decode(Uint8Array.of(first, second)), [first, second]);
    }
  }
  for (let byte = 0xff; byte >= 0; byte--) bytesOf.set(decoder.decode(Uint8Array.of(byte)), [byte]);
  return Uint8Array.from([...text].flatMap((character) => bytesOf.get(character) ?? assert.fail(character)));
}

const bytes = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

describe('Decoding a page', () => {
  it('takes Arabic that lies near ISO-8859-6 for what the web writes it in', () =>
    assert.equal(decodePage(Buffer.from('cac7d1edce', 'hex')), 'تاريخ'));

  const declared: readonly (readonly [why: string, Uint8Array, charset: string | undefined, text: string])[] =
    [
      ['nothing at all', bytes(''), undefined, ''],
      ['plain ASCII', bytes('<p>Words'), undefined, '<p>Words'],
      ['a byte-order mark, not the header', bytes([0xef, 0xbb, 0xbf], 'f\xc3\xbcr'), 'windows-1252', 'für'],
      ['a byte-order mark of UTF-16', bytes([0xff, 0xfe], [0x61, 0, 0x22, 0x6f]), undefined, 'a漢'],
      ['UTF-16, big end first', bytes([0xfe, 0xff], [0, 0x61, 0x6f, 0x22]), 'utf-8', 'a漢'],
      ['a header in capitals and quoted', bytes('\xfc'), 'ISO-8859-1', 'ü'],
      ['ISO-8859-1, which means windows-1252', bytes('\x80'), 'iso-8859-1', '€'],
      ['gb2312, which means GBK', bytes([0xe9, 0x46]), 'gb2312', '镕'],
      ['x-sjis, which means Shift_JIS', bytes([0x83, 0x65]), 'x-sjis', 'テ'],
      ['undeclared UTF-8', bytes('f\xc3\xbcr'), undefined, 'für'],
      ['declared UTF-8 that is broken', bytes('a\xffb'), 'utf-8', 'a\uFFFDb'],
      ['a label that was used for attacks', bytes('<script>'), 'iso-2022-kr', '\uFFFD'],
      ['bytes that nobody could guess', bytes('\x81'), undefined, '\x81'],
    ];
  for (const [why, page, charset, text] of declared) {
    it(why, () => assert.equal(decodePage(page, charset), text));
  }

  const metas: readonly [
    why: string,
    meta: string,
    page: string,
    charset: string | undefined,
    text: string,
  ][] = [
    ['the header, against the meta', '<meta charset=utf-8>', '\xfc', 'windows-1252', 'ü'],
    ['no known header, so the meta', '<meta charset="koi8-r">', '\xc1', 'x-nonsense', 'а'],
    [
      'meta in its long form',
      "<meta content='text/html; charset=big5' http-equiv=content-type>",
      '\xa4\xa4',
      undefined,
      '中',
    ],
    ['meta of UTF-16, which it cannot be', '<meta charset=utf-16>', '\xc3\xbc', undefined, 'ü'],
    ['no meta in a comment', '<!-- <meta charset=koi8-r> -->', '\xc3\xbc', undefined, 'ü'],
  ];
  for (const [why, meta, page, charset, text] of metas) {
    it(why, () => assert.equal(decodePage(bytes(meta, page), charset), meta + text));
  }

  it('sees meta within the first 1,024 bytes alone', () => {
    const meta = '<meta charset=koi8-r>';
    const at = (offset: number) => decodePage(bytes(' '.repeat(offset), meta, '\xc1\xc2')).slice(-2);
    assert.equal(at(1024 - meta.length), 'аб');
    assert.notEqual(at(1024), 'аб');
  });

  const undeclared: readonly (readonly [encoding: string, text: string])[] = [
    [
      'windows-1251',
      'Москва — столица России, город федерального значения, и это её первая строка о погоде.',
    ],
    ['koi8-r', 'Москва столица России, город федерального значения, и это её первая строка о погоде.'],
    ['gbk', '今天的天气很好，我们一起去公园散步，看见许多人在那里唱歌跳舞，孩子们都非常高兴。'],
    ['big5', '今天的天氣很好，我們一起去公園散步，看見許多人在那裡唱歌跳舞，孩子們都非常高興。'],
    ['shift_jis', 'これは日本語の文章です。今日はとても天気が良いので、公園まで散歩に行きました。'],
    ['euc-jp', 'これは日本語の文章です。今日はとても天気が良いので、公園まで散歩に行きました。'],
    ['euc-kr', '오늘은 날씨가 아주 좋아서 우리는 함께 공원에 산책하러 갔습니다. 아이들이 노래를 불렀습니다.'],
    [
      'windows-1252',
      'Über die Straße gehen nächtlich schöne Mädchen, während die Wächter müde gähnen und schlafen.',
    ],
    [
      'windows-1256',
      'ذهب الأولاد إلى المدرسة في الصباح ثم عادوا إلى البيت لأن الطقس كان جميلا في ذلك اليوم.',
    ],
  ];
  for (const [encoding, text] of undeclared) {
    it(`guesses ${encoding} among a lot of markup`, () => {
      const html = `<div class="the body of this article and those other things"><p>${text}</p></div>`.repeat(
        20,
      );
      assert.equal(decodePage(encode(html, encoding)), html);
    });
  }

  it('guesses from the bytes that are not ASCII, however much ASCII comes before', () => {
    const text = 'Москва — столица России, город федерального значения, и это её первая строка о погоде.';
    const html = `${'<p>words of plain English in a row</p>'.repeat(400)}<p>${text}</p>`;
    assert.equal(decodePage(encode(html, 'windows-1251')), html);
  });

  it('never throws, and makes no characters up', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.option(fc.string(), { nil: undefined }),
        (page, charset) => {
          assert.ok(decodePage(page, charset).length <= Math.max(1, page.length));
        },
      ),
    );
  });

  it('never throws for any label that the standard has', () => {
    const labels = 'utf-16be utf-16le x-user-defined hz-gb-2312 iso-8859-8-i macintosh ibm866';
    for (const label of labels.split(' '))
      assert.equal(typeof decodePage(bytes('a\xff\xfe\x00'), label), 'string');
  });
});

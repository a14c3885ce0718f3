import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { importFiles } from '../../lib/pocket-server/import/import-files.ts';
import { exportCsv } from '../../lib/pocket-server/import/pocket-csv.ts';
import { openStore } from '../../lib/pocket-server/store.ts';
import { pocketTagName, storedPocketTagName } from '../../lib/reading-lists/tag-names.ts';
import { importFolder } from '../helpers/import-folder.ts';

const escaped = String.raw`it\'s`;
const header = 'title,url,time_added,tags,status\n';
const imports = importFolder();
const { file, rows } = imports;
const importText = (text: string, into = imports.store) => importFiles(into, [file('part_000000.csv', text)]);

describe("Pocket's CSV", () => {
  const a = 'https://a.example/';
  const one = [a, 'One', ['b', 'c d'], 0, 1700000000];
  const line = `One,${a},1700000000,b|c d,unread`;
  const taken: [why: string, text: string, expected: unknown[]][] = [
    ['the older header', `${header}One,${a},1700000000,c d|b,unread\n`, one],
    [
      'the header with a cursor',
      `title,url,time_added,cursor,tags,status\nOne,${a},1700000000,zz,b|c d,unread\n`,
      one,
    ],
    ['any order of columns', `status,tags,time_added,url,title\nunread,b|c d,1700000000,${a},One\n`, one],
    ['a byte order mark and Windows line ends', `\uFEFF${header}${line}\n`.replaceAll('\n', '\r\n'), one],
    ['no line end at the end', `${header}${line}`, one],
    ['tags with escaped quotes', `${header},${a},1,it\\'s,archive\n`, [a, '', [escaped], 1, 1]],
    ['tags that another program wrote', `${header},${a},1,It's| ,archive\n`, [a, '', [escaped], 1, 1]],
    [
      'commas, quotes and line breaks in a title',
      `${header}"a, ""b""\nc",${a},1,,unread\n`,
      [a, 'a, "b"\nc', [], 0, 1],
    ],
    ['the URL as title, which is none', `${header}${a},${a},1,,unread\n`, [a, '', [], 0, 1]],
    ['a formula, as it is', `${header}"=1+1",${a},1,,unread\n`, [a, '=1+1', [], 0, 1]],
  ];
  for (const [why, text, expected] of taken)
    it(`is taken in with ${why}`, async () => {
      assert.deepEqual(await importText(text), { added: 1, alreadyThere: 0, skipped: [], incomplete: [] });
      assert.deepEqual(rows(), [expected]);
    });

  const good = 'Good,https://good.example/,1,,unread\n';
  /** A row between others, on line 4: what is imported of it, and what is reported. */
  const first = [['https://first.example/', 'Two\nlines', [], 0, 1]];
  const last = [
    ['https://good.example/', 'Good', [], 0, 1],
    ['https://last.example/', 'd, e', [], 0, 1],
  ];
  const around = (row: string) =>
    `${header}"Two\nlines",https://first.example/,1,,unread\n${row}\n${good}"d, e",https://last.example/,1,,unread\n`;

  const unusable: [why: string, row: string, reason: string][] = [
    ['too few columns and no url', 'bad', '1 columns, not 5'],
    ['no URL', 'a,not a url,1,,unread', 'the url is not a URL'],
    ["a browser's own page", 'a,about:blank,1,,unread', 'the url is not a web address'],
  ];
  for (const [why, row, reason] of unusable)
    it(`loses only the row with ${why}, and says which line it was`, async () => {
      const skipped = [{ file: 'part_000000.csv', place: 'line 4', reason }];
      assert.deepEqual(await importText(around(row)), { added: 3, alreadyThere: 0, skipped, incomplete: [] });
      assert.deepEqual(rows(), [...first, ...last]);
    });

  const NOW = 'now';
  const damaged: [why: string, row: string, kept: unknown[], lost: string | undefined][] = [
    ['too few columns', `a,${a}`, [a, 'a', [], 0, NOW], 'missing columns'],
    ['too many columns', `a,${a},1,x,archive,y`, [a, 'a', ['x'], 1, 1], 'surplus columns'],
    ['an unquoted comma in the title', `b, c,${a},1,x,unread`, [a, 'b, c', ['x'], 0, 1], undefined],
    ['a time that a spreadsheet has cut', `a,${a},1.72858E+09,x,unread`, [a, 'a', ['x'], 0, NOW], 'time'],
    ['a local date', `a,${a},29/10/2023,x,archive`, [a, 'a', ['x'], 1, NOW], 'time'],
    ['no such status', `a,${a},1,,constructor`, [a, 'a', [], 0, 1], 'status'],
    ['quotes inside a field', `a "b" c,${a},1,x,unread`, [a, 'a "b" c', ['x'], 0, 1], undefined],
    ['one quote inside a field', `a 5" disk,${a},1,x,unread`, [a, 'a 5" disk', ['x'], 0, 1], undefined],
    ['text after the closing quote', `"a " b,${a},1,x,unread`, [a, '"a " b', ['x'], 0, 1], undefined],
    ['a quote that is never closed', `"a,${a},1,x,unread`, [a, '"a', ['x'], 0, 1], undefined],
  ];
  for (const [why, row, kept, lost] of damaged)
    it(`keeps the item of a row with ${why}`, async () => {
      const incomplete = lost ? [{ file: 'part_000000.csv', place: 'line 4', reason: lost }] : [];
      assert.deepEqual(await importText(around(row)), { added: 4, alreadyThere: 0, skipped: [], incomplete });
      const [, item = []] = rows();
      const time = Number(item[4]) > 1_750_000_000 ? NOW : item[4];
      assert.deepEqual([...item.slice(0, 4), time], kept);
      assert.deepEqual(rows().toSpliced(1, 1), [...first, ...last]);
    });

  const times: [why: string, text: string, seconds: number][] = [
    ['seconds', '1700000000', 1_700_000_000],
    ['seconds with a decimal point', '1700000000.0', 1_700_000_000],
    ['milliseconds', '1700000000123', 1_700_000_000],
    ['microseconds', '1700000000123456', 1_700_000_000],
    ['ISO', '2023-11-14T22:13:20.123Z', 1_700_000_000],
    ['ISO with an offset', '2023-11-14T23:13:20+01:00', 1_700_000_000],
    ['an offset without a colon', '2023-11-14T22:13:20+0000', 1_700_000_000],
    ["Python's, with a space and microseconds", '2023-11-14 22:13:20.123456+00:00', 1_700_000_000],
    ['no zone, which is UTC wherever it is imported', '2023-11-14 22:13:20', 1_700_000_000],
    ['a date', '2023-11-14', 1_699_920_000],
  ];
  for (const [why, text, seconds] of times)
    it(`reads a time as ${why}`, async () => {
      await importText(`${header}a,${a},${text},,unread\n`);
      assert.deepEqual(rows(), [[a, 'a', [], 0, seconds]]);
    });

  it('keeps, of an archived and an unread row of one address, the unread one and all tags', async () => {
    const archived = `Old,${a},1,x|y,archive\n`;
    const unread = `New,${a},2,y|z,unread\n`;
    for (const text of [archived + unread, unread + archived]) {
      const into = openStore(':memory:');
      const report = await importText(header + text, into);
      assert.deepEqual(report, { added: 1, alreadyThere: 1, skipped: [], incomplete: [] });
      assert.deepEqual(rows(into), [[a, 'New', ['x', 'y', 'z'], 0, 2]]);
      into.close();
    }
  });

  it('reads 20,000 lines with a quote each, which took more than a minute when each read all the rest', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, at) => `"Unclosed ${at},https://a.example/${at},1,,unread`,
    );
    assert.equal((await importText(`${header}${lines.join('\n')}\n`)).added, 20_000);
  });

  it('passes over empty lines', async () => {
    assert.deepEqual(await importText(`${header}\n${good}\n\n`), {
      added: 1,
      alreadyThere: 0,
      skipped: [],
      incomplete: [],
    });
  });

  it('changes nothing the second time, nor what was done to an item since', async () => {
    await importText(`${header}${good}`);
    const [item] = imports.store.everything();
    imports.store.addTags(item?.item_id ?? 0, ['mine']);
    const before = rows();
    assert.deepEqual(await importText(`${header}${good}`), {
      added: 0,
      alreadyThere: 1,
      skipped: [],
      incomplete: [],
    });
    assert.deepEqual(rows(), before);
  });

  it('comes back the same when it is exported and taken in elsewhere', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            given_url: fc.webUrl({ withQueryParameters: true }),
            given_title: fc.string({
              unit: fc.oneof(
                fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
                fc.constantFrom(',', '"', '\n', '\r', '\r\n', "'", '='),
              ),
            }),
            tags: fc.array(
              fc
                .string({ unit: 'grapheme' })
                .map((tag) => storedPocketTagName(pocketTagName(tag.replaceAll(/[|,\\]/g, ''))))
                .filter(Boolean),
            ),
            status: fc.integer({ min: 0, max: 2 }),
            time_added: fc.integer({ min: 1, max: 2 ** 32 }),
          }),
          { selector: ({ given_url }) => given_url, maxLength: 20 },
        ),
        async (items) => {
          const [from, to] = [openStore(':memory:'), openStore(':memory:')];
          from.insert(items);
          const csv = [...exportCsv(from)].join('');
          const report = await importText(csv, to);
          const expected = rows(from).filter(([, , , status]) => status !== 2);
          assert.deepEqual(report, { added: expected.length, alreadyThere: 0, skipped: [], incomplete: [] });
          assert.deepEqual(
            rows(to).map(([url, , ...rest]) => [url, ...rest]),
            expected.map(([url, , ...rest]) => [url, ...rest]),
          );
          assert.equal([...exportCsv(to)].join(''), csv);
          from.close();
          to.close();
        },
      ),
      { numRuns: 50 },
    ));
});

describe("Pocket's ZIP", () => {
  it('is taken in part by part, without the annotations', async () => {
    const zip = zipSync({
      'pocket/part_000001.csv': strToU8(`${header}B,https://b.example/,2,,archive\nbad\n`),
      'pocket/part_000000.csv': strToU8(`${header}A,https://a.example/,1,x,unread\n`),
      'pocket/annotations/part_000000.json': strToU8('[]'),
    });
    const skipped = [{ file: 'pocket/part_000001.csv', place: 'line 3', reason: '1 columns, not 5' }];
    assert.deepEqual(await importFiles(imports.store, [file('pocket.zip', zip)]), {
      added: 2,
      alreadyThere: 0,
      skipped,
      incomplete: [],
    });
    assert.deepEqual(
      rows().map(([url]) => url),
      ['https://a.example/', 'https://b.example/'],
    );
  });
});

describe('a dump of /v3/get', () => {
  const item = {
    item_id: '9001',
    resolved_id: '9001',
    given_url: 'https://a.example/?utm=1',
    resolved_url: 'https://a.example/',
    given_title: 'A',
    status: '1',
    favorite: '1',
    time_added: '100',
    time_updated: '200',
    time_read: '150',
    word_count: '1320',
    lang: 'de',
    time_to_read: 7,
    is_article: '1',
    has_video: '1',
    tags: { [escaped]: { tag: escaped, item_id: '9001' } },
    videos: { 1: { video_id: '1', src: 'https://v.example/', length: '60' } },
  };
  for (const [shape, list] of [
    ['object', { 9001: item }],
    ['array', [item]],
  ] as const)
    it(`keeps what the CSV loses, with the list as ${shape}`, async () => {
      const path = file('dump.json', JSON.stringify({ list, status: 1 }));
      assert.deepEqual(await importFiles(imports.store, [path]), {
        added: 1,
        alreadyThere: 0,
        skipped: [],
        incomplete: [],
      });
      const [kept] = imports.store.everything();
      const texts = { lang: 'de', tags: [escaped], media: { videos: [{ length: '60' }] } };
      const numbers = { word_count: 1320, time_to_read: 7, status: 1, favorite: 1, item_id: 9001 };
      assert.partialDeepStrictEqual(kept, { ...texts, ...numbers, time_read: 150, time_updated: 200 });
      assert.deepEqual(await importFiles(imports.store, [path]), {
        added: 0,
        alreadyThere: 1,
        skipped: [],
        incomplete: [],
      });
    });

  it('makes up no minutes where Pocket gave none', async () => {
    const { time_to_read: _unknown, ...silent } = item;
    await importFiles(imports.store, [file('dump.json', JSON.stringify({ list: [silent] }))]);
    assert.equal([...imports.store.everything()][0]?.time_to_read, 0);
  });

  it('skips deleted items and items that make no sense, and loses a field that makes none', async () => {
    const list = [{ item_id: '1', status: '2' }, { item_id: '2' }, 'x', { ...item, word_count: 'many' }];
    const { added, skipped, incomplete } = await importFiles(imports.store, [
      file('dump.json', JSON.stringify({ list })),
    ]);
    assert.equal(added, 1);
    assert.deepEqual(incomplete, [{ file: 'dump.json', place: 'item 4', reason: 'word_count' }]);
    assert.deepEqual(
      skipped.map(({ place, reason }) => [place, reason]),
      [
        ['item 1', 'deleted'],
        ['item 2', 'no URL'],
        ['item 3', 'the item makes no sense'],
      ],
    );
  });

  it('does not take over the id of another item', async () => {
    imports.store.insert([{ item_id: 9001, given_url: 'https://other.example/' }]);
    await importFiles(imports.store, [file('dump.json', JSON.stringify({ list: [item] }))]);
    assert.deepEqual(
      [...imports.store.everything()].map(({ item_id }) => item_id),
      [9001, 9002],
    );
  });
});

describe('a file that is no export', () => {
  const rowsOf: [why: string, name: string, content: string | Uint8Array, said: RegExp][] = [
    [
      'a CSV without url',
      'a.csv',
      'name,age\nx,1\n',
      /^Cannot import "a.csv": it is no export that is known here\./,
    ],
    ['an empty file', 'a.csv', '', /no export that is known here/],
    ['other JSON', 'a.json', '[1]', /no export that is known here/],
    ['broken JSON', 'a.json', '{"list":', /no export that is known here/],
    ['a damaged ZIP', 'a.zip', 'PK\u0003\u0004 and no more', /the ZIP is damaged/],
    [
      'a ZIP of other things',
      'a.zip',
      zipSync({ 'a.txt': strToU8('x') }),
      /the ZIP holds no CSV, JSON or HTML/,
    ],
  ];
  for (const [why, name, content, said] of rowsOf)
    it(`is refused: ${why}`, async () => {
      const good = file('good.csv', `${header}A,https://a.example/,1,,unread\n`);
      await assert.rejects(importFiles(imports.store, [good, file(name, content)]), {
        name: 'Failure',
        kind: 'settings',
        message: said,
      });
      assert.equal(imports.store.count(), 0);
    });

  it('is refused before it is unpacked when it would fill the memory', async () => {
    const zip = zipSync({ 'part_000000.csv': strToU8(header) });
    // The size that the ZIP's directory claims, 24 bytes into the entry.
    const at = Buffer.from(zip).indexOf('PK\u0001\u0002');
    new DataView(zip.buffer, zip.byteOffset).setUint32(at + 24, 2 ** 31, true);
    await assert.rejects(importFiles(imports.store, [file('bomb.zip', zip)]), {
      message: /more than 400 MB/,
    });
  });

  it('is taken from a ZIP in a folder, too, and a ZIP of other things is named', async () => {
    const part = `${header}A,https://a.example/,1,,unread\n`;
    file('all/pocket.zip', zipSync({ 'part_000000.csv': strToU8(part) }));
    file('all/photos.zip', zipSync({ 'a.txt': strToU8('x') }));
    file('all/late.zip', 'PK\u0003\u0004 and no more');
    const { added, skipped } = await importFiles(imports.store, [join(imports.folder, 'all')]);
    assert.equal(added, 1);
    assert.deepEqual(
      skipped.map(({ file }) => file),
      ['late.zip', 'photos.zip'],
    );
  });

  it('is refused when it is not there', () =>
    assert.rejects(importFiles(imports.store, [join(imports.folder, 'nowhere.zip')]), {
      message: /^Cannot read ".*nowhere.zip": there is no such file or folder\.$/,
    }));
});

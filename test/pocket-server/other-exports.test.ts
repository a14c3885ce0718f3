import assert from 'node:assert/strict';
import { strToU8, zipSync } from 'fflate';
import { importFiles } from '../../lib/pocket-server/import/import-files.ts';
import { exportCsv } from '../../lib/pocket-server/import/pocket-csv.ts';
import { openStore } from '../../lib/pocket-server/store.ts';
import { importFolder } from '../helpers/import-folder.ts';

const imports = importFolder();
const { file, rows } = imports;

const a = 'https://a.example/';
const b = 'https://b.example/';
const TIME = 1_700_000_000;
const header = 'title,url,time_added,tags,status\n';

const RIL_EXPORT = `<!DOCTYPE html>
<html>
	<!--So long and thanks for all the fish-->
	<head>
		<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
		<title>Pocket Export</title>
	</head>
	<body>
		<h1>Unread</h1>
		<ul>
			<li><a href="https://example.com/one" time_added="1698568488" tags="search,something else,lorem">One &amp; only</a></li>
			<li><a href="https://example.com/two?a=1&amp;b=2" time_added="1698568489" tags="">Two</a></li>
		</ul>
		<h1>Read Archive</h1>
		<ul>
			<li><a href="https://example.com/three" time_added="1398568488" tags="search">Three</a></li>
		</ul>
	</body>
</html>
`;

const NETSCAPE = `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1">Reading</H3>
    <DL><p>
        <DT><A HREF="${a}" ADD_DATE="${TIME}" TAGS="x,y z">A</A>
        <DD>Not its title
        <DT><A HREF="${b}" ADD_DATE="${TIME}" TOREAD="0" TAGS="x,linkding:bookmarks.archived">B</A>
        <DT><A HREF="javascript:void(0)" ADD_DATE="${TIME}">A bookmarklet</A>
    </DL><p>
</DL><p>
`;

const INSTAPAPER = `URL,Title,Selection,Folder,Timestamp,Tags
https://example.com/i1,One,,Unread,1728576752,"[""a"",""b""]"
https://example.com/i2,Two,,Archive,1728576753,[]
https://example.com/i3,Three,,Recipes,1728576754,[]
`;
const RAINDROP = `id,title,note,excerpt,url,folder,tags,created,cover,highlights,favorite
1,One,,,${a},Unsorted,"x, y z",2023-11-14T22:13:20.000Z,,,false
2,Two,,,${b},Archive,,2023-11-14T22:13:20.000Z,,,true
`;
const READWISE = `Title,URL,ID,Document tags,Saved date,Reading progress,Location,Seen
One,${a},01g,"['x', ""it's""]",2023-11-14 22:13:20+00:00,0,new,True
Two,${b},01h,[],2023-11-14 22:13:20.123456+00:00,1,archive,True
Three,https://c.example/,01i,[],2023-11-14 22:13:20+00:00,0,feed,False
`;
const OMNIVORE = `url,state,labels,saved_at,published_at
${a},SUCCEEDED,"[x,y z]",${TIME}000,
${b},ARCHIVED,"[""x""]",${TIME}000,
`;
const OMNIVORE_JSON = JSON.stringify([
  { slug: 'a', title: 'One', url: a, state: 'Active', labels: ['x'], savedAt: '2023-11-14T22:13:20.000Z' },
  { slug: 'b', title: 'Two', url: b, state: 'Archived', labels: [], savedAt: '2023-11-14T22:13:20.000Z' },
]);
const link = (url: string) => ({ type: 'link', url });
const KARAKEEP = JSON.stringify({
  bookmarks: [
    { createdAt: TIME, title: 'One', tags: ['x', 'y'], content: link(a), note: null, archived: false },
    { createdAt: TIME, title: null, tags: [], content: link(b), note: null, archived: true },
    { createdAt: TIME, title: 'Note', tags: [], content: { type: 'text', text: 'x' }, note: null },
  ],
  lists: [],
});
const KARAKEEP_API = JSON.stringify({
  bookmarks: [{ createdAt: '2023-11-14T22:13:20.000Z', tags: [{ id: '1', name: 'x' }], content: link(a) }],
  nextCursor: null,
});

const exportsOf: [what: string, name: string, content: string, expected: unknown[][], skipped?: string[]][] =
  [
    [
      "Pocket's until 2024, with tags apart and the archive archived",
      'ril_export.html',
      RIL_EXPORT,
      [
        ['https://example.com/one', 'One & only', ['lorem', 'search', 'something else'], 0, 1698568488],
        ['https://example.com/two?a=1&b=2', 'Two', [], 0, 1698568489],
        ['https://example.com/three', 'Three', ['search'], 1, 1398568488],
      ],
    ],
    [
      'bookmarks of Netscape, as browsers and linkding write them',
      'bookmarks.html',
      NETSCAPE,
      [
        [a, 'A', ['x', 'y z'], 0, TIME],
        [b, 'B', ['x'], 1, TIME],
      ],
      ['the url is not a web address'],
    ],
    [
      "Instapaper's CSV; a folder of one's own is a tag",
      'other-service-instapaper.csv',
      INSTAPAPER,
      [
        ['https://example.com/i1', 'One', ['a', 'b'], 0, 1728576752],
        ['https://example.com/i2', 'Two', [], 1, 1728576753],
        ['https://example.com/i3', 'Three', ['recipes'], 0, 1728576754],
      ],
    ],
    [
      "Raindrop's CSV",
      'raindrop.csv',
      RAINDROP,
      [
        [a, 'One', ['x', 'y z'], 0, TIME],
        [b, 'Two', [], 1, TIME],
      ],
    ],
    [
      "Readwise's CSV, with tags as Python writes them and without the feed",
      'readwise.csv',
      READWISE,
      [
        [a, 'One', [String.raw`it\'s`, 'x'], 0, TIME],
        [b, 'Two', [], 1, TIME],
      ],
      ['it is in the feed, not saved'],
    ],
    [
      "Omnivore's CSV, with labels in both ways that its docs have",
      'omnivore.csv',
      OMNIVORE,
      [
        [a, '', ['x', 'y z'], 0, TIME],
        [b, '', ['x'], 1, TIME],
      ],
    ],
    [
      "Omnivore's JSON",
      'metadata_0_to_19.json',
      OMNIVORE_JSON,
      [
        [a, 'One', ['x'], 0, TIME],
        [b, 'Two', [], 1, TIME],
      ],
    ],
    [
      "Karakeep's JSON; a note is no page",
      'karakeep.json',
      KARAKEEP,
      [
        [a, 'One', ['x', 'y'], 0, TIME],
        [b, '', [], 1, TIME],
      ],
      ['no URL'],
    ],
    ["an answer of Karakeep's API", 'bookmarks.json', KARAKEEP_API, [[a, '', ['x'], 0, TIME]]],
  ];

describe('an export of another kind', () => {
  for (const [what, name, content, expected, reasons = []] of exportsOf)
    it(`is imported with dates, tags and archive: ${what}`, async () => {
      const { added, skipped, incomplete } = await importFiles(imports.store, [file(name, content)]);
      assert.deepEqual(rows(), expected);
      assert.deepEqual([added, incomplete], [expected.length, []]);
      assert.deepEqual(
        skipped.map(({ reason }) => reason),
        reasons,
      );
    });

  for (const [what, text] of [
    ['columns of no service that is known', 'url,name,labels,date\nhttps://a.example/,A,"x,y",2020-01-01\n'],
    ['a page with links', '<!doctype html><title>A page</title><a href="https://a.example/">A</a>'],
  ] as const)
    it(`is refused, not imported with today's date and one tag: ${what}`, async () => {
      await assert.rejects(importFiles(imports.store, [file('x', text)]), {
        message: /^Cannot import "x": it is no/,
      });
      assert.equal(imports.store.count(), 0);
    });

  it('is refused where a spreadsheet is not saved as CSV', () =>
    assert.rejects(
      importFiles(imports.store, [file('list.xlsx', zipSync({ 'xl/workbook.xml': strToU8('x') }))]),
      {
        message: /it is a spreadsheet; save it as CSV/,
      },
    ));
});

describe('a CSV in another encoding', () => {
  const csv = (title: string, tag: string) => `${header}${title},${a},${TIME},${tag}|b,unread\n`;
  const utf16le = Buffer.from(csv('Grüße', 'üben'), 'utf16le');
  const bytes: [what: string, content: Uint8Array, title: string, tag: string][] = [
    ['Latin-1', Buffer.from(csv('Grüße', 'üben'), 'latin1'), 'Grüße', 'üben'],
    ['UTF-16 with a byte-order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16le]), 'Grüße', 'üben'],
    ['UTF-16 without one', utf16le, 'Grüße', 'üben'],
    ['UTF-16, big end first', Buffer.from(utf16le).swap16(), 'Grüße', 'üben'],
    ['UTF-8, one letter of it', Buffer.from(csv('naïve', 'b')), 'naïve', 'b'],
    [
      'semicolons, as spreadsheets in many countries save it',
      Buffer.from(csv('Grüße', 'üben').replaceAll(',', ';')),
      'Grüße',
      'üben',
    ],
    ['lines that end as on old Macs', Buffer.from(csv('A', 'c').replaceAll('\n', '\r')), 'A', 'c'],
  ];
  for (const [what, content, title, tag] of bytes)
    it(`loses no letter: ${what}`, async () => {
      await importFiles(imports.store, [file('excel.csv', content)]);
      assert.deepEqual(rows(), [
        [a, title, ['b', tag].toSorted().filter((name, at, all) => all.indexOf(name) === at), 0, TIME],
      ]);
    });
});

describe('an export with other files around it', () => {
  const csv = `${header}A,${a},${TIME},x,unread\n`;
  const others = {
    '__MACOSX/pocket/._part_000000.csv': '\0\u0005\u0016\u0007',
    'pocket/.DS_Store': 'x',
    'pocket/annotations/part_000000.json': '[]',
  };

  it('is imported from a ZIP that Finder has compressed again', async () => {
    const all = Object.entries({ 'pocket/part_000000.csv': csv, ...others });
    const zip = zipSync(Object.fromEntries(all.map(([name, content]) => [name, strToU8(content)])));
    const report = await importFiles(imports.store, [file('mac-rezipped.zip', zip)]);
    assert.deepEqual(report, { added: 1, alreadyThere: 0, skipped: [], incomplete: [] });
  });

  it('is imported from a folder, and other files there are named', async () => {
    for (const [name, content] of Object.entries(others)) file(name, content);
    file('pocket/part_000000.csv', csv);
    file('pocket/notes.csv', 'name,age\nx,1\n');
    const report = await importFiles(imports.store, [imports.folder]);
    const reason = 'it is no export that is known here';
    const skipped = [{ file: 'pocket/notes.csv', place: 'all of it', reason }];
    assert.deepEqual(report, { added: 1, alreadyThere: 0, skipped, incomplete: [] });
  });

  it('is missed in a folder without one, which is not called a missing file', () =>
    assert.rejects(importFiles(imports.store, [imports.folder]), {
      message: /: the folder holds no CSV, JSON, HTML or ZIP\./,
    }));
});

describe('an exported tag', () => {
  it('is written as people write it, and comes back as it was', async () => {
    imports.store.insert([
      { given_url: a, given_title: '=1+1', time_added: TIME, tags: [String.raw`it\'s quick`] },
    ]);
    const csv = [...exportCsv(imports.store)].join('');
    assert.equal(csv, `${header}=1+1,${a},${TIME},it's quick,unread\n`);
    const other = openStore(':memory:');
    await importFiles(other, [file('out.csv', csv)]);
    assert.deepEqual(rows(other), rows());
    other.close();
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { PageEvidence } from '../../lib/core/estimate.ts';
import { SKIP_SENTENCES, type SkipReason } from '../../lib/core/skip-reason.ts';
import { KEPT_DAYS } from '../../lib/lengths/kept-days.ts';
import { type KeptLengthsOptions, keptLengths, openLengths } from '../../lib/lengths/kept-lengths.ts';
import { anItem } from '../helpers/items.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');
const DAY_MS = 86_400_000;
const LENGTH: PageEvidence = { known: true, words: 300 };
const because = (reason: SkipReason): PageEvidence => ({ known: false, reason });
const item = (id: string) => anItem({ id, url: `https://example.com/${id}` });

describe('lengths that are kept', () => {
  let folder: string;
  let path: string;
  let troubles: string[];
  let opened: ReturnType<typeof keptLengths>[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lengths-'));
    path = join(folder, 'lengths.sqlite');
    troubles = [];
    opened = [];
  });
  afterEach(() => {
    for (const lengths of opened) lengths.close();
    rmSync(folder, { recursive: true });
  });

  function open(options: Partial<KeptLengthsOptions> = {}) {
    const lengths = keptLengths({
      open: () => openLengths(path),
      service: 'karakeep',
      account: 'https://keep.example.com',
      onTrouble: (reason) => troubles.push(reason),
      now: () => NOW,
      ...options,
    });
    opened.push(lengths);
    return lengths;
  }

  it('come back as they were read, in another process too', () => {
    const full: PageEvidence = {
      known: true,
      words: 1200,
      cjkCharacters: 30,
      cjkWords: 20,
      language: 'ja',
      videoSeconds: 95,
      codeWords: 12,
      pictures: 3,
      confidence: 0.83,
    };
    const first = open();
    const leftOut = [{ kind: 'notes', words: 80 }];
    first.set(item('1'), { ...full, otherwise: () => ({ words: 5 }), leftOut: () => leftOut }, 'page');
    first.set(item('2'), LENGTH, 'text');
    first.set(item('3'), because('paywall'), 'page');
    first.close();
    const second = open({ now: () => NOW + 1000 });
    const { evidence, ...when } = second.get(item('1')) ?? {};
    assert.ok(evidence?.known);
    const { otherwise, leftOut: kept, ...length } = evidence;
    assert.deepEqual(length, full);
    assert.deepEqual([otherwise?.(), kept?.()], [{ words: 5 }, leftOut]);
    assert.deepEqual(when, { from: 'page', readAt: NOW });
    assert.deepEqual(second.get(item('2')), { evidence: LENGTH, from: 'text', readAt: NOW });
    assert.deepEqual(second.get(item('3')), { evidence: because('paywall'), from: 'page', readAt: NOW });
    assert.deepEqual([second.get(item('4')), troubles], [undefined, []]);
  });

  it('are in the place of what was kept before', () => {
    const lengths = open();
    lengths.set(item('1'), because('paywall'), 'page');
    lengths.set(item('1'), LENGTH, 'page');
    assert.deepEqual(lengths.get(item('1'))?.evidence, LENGTH);
  });

  const others: [why: string, options: Partial<KeptLengthsOptions>, fields: object][] = [
    ['of another service', { service: 'readeck' }, {}],
    ['of another server of the same service', { account: 'https://other.example.com' }, {}],
    ['another item', {}, { id: '2' }],
    ['the same item, which has another address now', {}, { url: 'https://example.com/moved' }],
    ['the same item, which has no address now', {}, { url: undefined }],
  ];
  for (const [why, options, fields] of others) {
    it(`are those of one item: ${why}`, () => {
      open().set(item('1'), LENGTH, 'page');
      assert.equal(open(options).get({ ...item('1'), ...fields } as never), undefined);
    });
  }

  describe('where there is none', () => {
    const days: [days: number, why: string, reasons: SkipReason[]][] = [
      [0, 'the service may know more', ['not-parsed', 'no-length', 'text-unavailable', 'quota', 'image']],
      [0, 'nothing was asked', ['bad-url', 'bad-scheme', 'bad-port', 'credentials-in-url', 'not-public']],
      [0, 'there was no time', ['out-of-time', 'not-recent']],
      [0, 'there was no item', ['not-understood']],
      [0, 'the length itself is kept', ['unsure', 'video-without-duration']],
      [1, 'it passes', ['timed-out', 'unreachable', 'server-error', 'asked-to-wait']],
      [1, 'it grows, and ends', ['live-blog']],
      [7, 'a wall', ['paywall', 'login', 'consent-wall', 'needs-javascript', 'blocked', 'refused']],
      [7, 'the host', ['untrusted', 'bad-response', 'too-many-redirects', 'headers-too-large']],
      [30, 'the page', ['empty', 'not-an-article', 'unreadable-pdf', 'too-large', 'not-a-page']],
      [30, 'domains come back', ['no-such-host']],
      [90, 'deleted pages do not', ['gone', 'not-found']],
    ];
    for (const [count, why, reasons] of days) {
      it(`keep the reason for ${count} days: ${why}`, () => {
        let time = NOW;
        const lengths = open({ now: () => time });
        for (const reason of reasons) lengths.set(item(reason), because(reason), 'page');
        // The network works: a page was read.
        lengths.set(item('1'), LENGTH, 'page');
        const kept = () => reasons.filter((reason) => lengths.get(item(reason)));
        assert.deepEqual(kept(), count === 0 ? [] : reasons);
        time = NOW + count * DAY_MS - 1;
        assert.deepEqual(kept(), count === 0 ? [] : reasons);
        time += 1;
        assert.deepEqual(kept(), []);
        assert.deepEqual(lengths.get(item('1'))?.evidence, LENGTH);
      });
    }

    it('have days for each reason', () => {
      const tried = days.flatMap(([, , reasons]) => reasons);
      assert.deepEqual(tried.toSorted(), Object.keys(SKIP_SENTENCES).toSorted());
      for (const [count, , reasons] of days)
        for (const reason of reasons) assert.equal(KEPT_DAYS[reason], count, reason);
    });

    const absent: [why: string, days: number, how: Partial<KeptLengthsOptions>, isKept: boolean][] = [
      ['for 89 days', 89, {}, true],
      ['not for 91', 91, {}, false],
      ['of another server, for good', 91, { account: 'https://other.example.com' }, true],
      ['of another service, for good', 91, { service: 'readeck' }, true],
    ];
    for (const [why, days, how, isKept] of absent)
      it(`stay after a whole list without their item ${why}`, () => {
        open(how).set(item('gone'), LENGTH, 'page');
        open().set(item('asked'), LENGTH, 'page');
        const later = open({ now: () => NOW + days * DAY_MS });
        later.get(item('asked'));
        later.set(item('new'), LENGTH, 'page');
        later.forgetOthers();
        const found = open(how).get(item('gone'));
        const others = [open().get(item('asked')), open().get(item('new'))];
        assert.deepEqual(
          [found !== undefined, others.map((other) => other !== undefined)],
          [isKept, [true, true]],
        );
      });

    it('stay, and make no file, where a list has asked for none', () => {
      open().forgetOthers();
      assert.equal(existsSync(path), false);
    });

    it('try again what a clock that was wrong has kept', () => {
      open({ now: () => NOW + 400 * DAY_MS }).set(item('1'), because('gone'), 'page');
      assert.equal(open().get(item('1')), undefined);
    });

    it('keep nothing of a run without a network', () => {
      const lengths = open();
      for (const reason of ['no-such-host', 'unreachable', 'timed-out', 'untrusted'] as const)
        lengths.set(item(reason), because(reason), 'page');
      // A service in the house answers all the same.
      lengths.set(item('1'), LENGTH, 'text');
      lengths.close();
      const later = open();
      for (const reason of ['no-such-host', 'unreachable', 'timed-out', 'untrusted'] as const)
        assert.equal(later.get(item(reason)), undefined, reason);
      assert.deepEqual(later.get(item('1'))?.evidence, LENGTH);
    });

    it('keep a host that does not exist once a later page could be read, and none since the network went', () => {
      const lengths = open();
      lengths.set(item('1'), because('no-such-host'), 'page');
      lengths.set(item('2'), because('gone'), 'page');
      lengths.set(item('3'), because('no-such-host'), 'page');
      lengths.close();
      const later = open();
      assert.deepEqual(later.get(item('1'))?.evidence, because('no-such-host'));
      assert.equal(later.get(item('3')), undefined);
    });

    it('take no address that was never asked for as a sign of a network', () => {
      const lengths = open();
      lengths.set(item('1'), because('no-such-host'), 'page');
      lengths.set(item('2'), because('not-public'), 'page');
      lengths.close();
      assert.equal(open().get(item('1')), undefined);
    });
  });

  describe('in a file', () => {
    it('that is for its owner only: addresses are in it', () => {
      open().set(item('1'), LENGTH, 'page');
      for (const suffix of ['', '-wal', '-shm'])
        assert.equal(statSync(`${path}${suffix}`).mode & 0o777, 0o600, suffix);
    });

    it('that is made when the first length is asked for, not before', () => {
      const lengths = open();
      assert.throws(() => statSync(path), /ENOENT/);
      lengths.get(item('1'));
      assert.ok(statSync(path).isFile());
    });

    const broken: [why: string, breakIt: () => void][] = [
      ['no database', () => writeFileSync(path, 'no database at all, but long enough to be one'.repeat(50))],
      ['a database cut off', () => writeFileSync(path, 'SQLite format 3\0'.padEnd(4096, '\u0001'))],
      ['a folder', () => mkdirSync(path)],
      [
        'of something else',
        () => {
          const db = new DatabaseSync(path);
          db.exec('CREATE TABLE lengths (a TEXT)');
          db.close();
        },
      ],
    ];
    for (const [why, breakIt] of broken) {
      it(`that cannot be used, which is told once: ${why}`, () => {
        breakIt();
        const lengths = open();
        assert.equal(lengths.get(item('1')), undefined);
        lengths.set(item('1'), LENGTH, 'page');
        assert.equal(lengths.get(item('1')), undefined);
        assert.equal(troubles.length, 1, troubles.join());
      });
    }

    it('on a disk that is full: what is kept stays', () => {
      const full = () => {
        const db = openLengths(path);
        db.exec('PRAGMA max_page_count = 3');
        return db;
      };
      const lengths = open({ open: full });
      for (let at = 0; at < 500; at += 1) lengths.set(item(`${at}`), LENGTH, 'page');
      assert.deepEqual(troubles, ['database or disk is full']);
      assert.deepEqual(open().get(item('0'))?.evidence, LENGTH);
    });

    it('that may only be read: what is kept is used, and nothing is added', () => {
      open().set(item('1'), LENGTH, 'page');
      const lengths = open({ open: () => new DatabaseSync(path, { readOnly: true }) });
      assert.deepEqual(lengths.get(item('1'))?.evidence, LENGTH);
      lengths.set(item('2'), LENGTH, 'page');
      assert.deepEqual(troubles, ['attempt to write a readonly database']);
    });

    it('that another process has locked', () => {
      open().set(item('1'), LENGTH, 'page');
      const other = new DatabaseSync(path);
      other.exec('BEGIN IMMEDIATE');
      const lengths = open();
      assert.deepEqual(lengths.get(item('1'))?.evidence, LENGTH);
      lengths.set(item('2'), LENGTH, 'page');
      assert.deepEqual(troubles, ['database is locked']);
      other.close();
    });

    const rows: [why: string, evidence: string, from: string, readAt: number][] = [
      ['no JSON', '{', 'page', NOW],
      ['words below 0', '{"known":true,"words":-1}', 'page', NOW],
      ['a length without words', '{"known":true}', 'page', NOW],
      ['a share above 1', '{"known":true,"words":9,"confidence":7}', 'page', NOW],
      ['a reason of another version', '{"known":false,"reason":"haunted"}', 'page', NOW],
      ['a place that is none', '{"known":true,"words":9}', 'dream', NOW],
      ['a time before all times', '{"known":true,"words":9}', 'page', -5],
    ];
    for (const [why, evidence, from, readAt] of rows) {
      it(`with a row that is not ours, which is read again: ${why}`, () => {
        const lengths = open();
        lengths.set(item('1'), LENGTH, 'page');
        const db = new DatabaseSync(path);
        db.prepare('UPDATE lengths SET evidence = ?, read_from = ?, read_at = ?').run(evidence, from, readAt);
        db.close();
        assert.deepEqual([lengths.get(item('1')), troubles], [undefined, []]);
        lengths.set(item('1'), LENGTH, 'page');
        assert.deepEqual(lengths.get(item('1'))?.evidence, LENGTH);
      });
    }

    /** Keeps 2,000 lengths under ids with this letter; says so after the first hundred, and at the end. */
    function writer(letter: string) {
      const script = `
        import { keptLengths, openLengths } from ${JSON.stringify(resolve('lib/lengths/kept-lengths.ts'))};
        const lengths = keptLengths({
          open: () => openLengths(${JSON.stringify(path)}),
          service: 'karakeep', account: 'https://keep.example.com',
          onTrouble: (reason) => { console.log(reason); process.exit(1); },
        });
        for (let at = 0; at < 2000; at += 1) {
          const id = '${letter}' + at;
          lengths.set({ id, url: 'https://example.com/' + id }, { known: true, words: at + 1 }, 'page');
          if (at === 99) console.log('begun');
        }
        lengths.close();
      `;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const begun = once(child.stdout, 'data').then(String);
      return { child, begun, ended: once(child, 'exit') };
    }
    const has = (lengths: ReturnType<typeof open>, letter: string) =>
      Array.from({ length: 2000 }, (_, at) => lengths.get(item(`${letter}${at}`))).filter(Boolean).length;

    it('that two processes write at once', async () => {
      const [one, other] = [writer('a'), writer('b')];
      assert.deepEqual(await Promise.all([one.begun, other.begun]), ['begun\n', 'begun\n']);
      assert.deepEqual(await Promise.all([one.ended, other.ended]), [
        [0, null],
        [0, null],
      ]);
      const lengths = open();
      assert.deepEqual([has(lengths, 'a'), has(lengths, 'b')], [2000, 2000]);
    });

    it('that is whole after kill -9 in the middle of writing', async () => {
      const { child, begun, ended } = writer('a');
      await begun;
      child.kill('SIGKILL');
      await ended;
      const lengths = open();
      assert.ok(has(lengths, 'a') >= 100);
      lengths.set(item('1'), LENGTH, 'page');
      assert.deepEqual([lengths.get(item('1'))?.evidence, troubles], [LENGTH, []]);
      const db = new DatabaseSync(path);
      assert.deepEqual(Object.values(db.prepare('PRAGMA integrity_check').get() ?? {}), ['ok']);
      db.close();
    });
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { healthFile, healthProblem } from '../../../lib/cli/watch/health-file.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 6, 15, 12);

describe('the file for health checks', () => {
  let folder: string;
  let path: string;
  let troubles: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'readtime-'));
    path = join(folder, 'new', 'watch.json');
    troubles = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (...lists: string[]) => openFor('account', ...lists);
  const openFor = (account: string, ...lists: string[]) =>
    healthFile(path, {
      lists: lists.map((name) => ({ name, account })),
      everyMs: HOUR_MS,
      maxRunMs: 10 * MINUTE_MS,
      onTrouble: (reason) => troubles.push(reason),
    });
  const nextAt = NOW + HOUR_MS;

  it('is there after the first good run, for its owner only', () => {
    const file = open('');
    assert.match(healthProblem(path, NOW) ?? '', /^no run has ended well yet/);
    file.endedWell('', { nextAt });
    assert.deepEqual(readdirSync(join(folder, 'new')), ['watch.json']);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  const times: [why: string, minutes: number, healthy: boolean][] = [
    ['at once', 0, true],
    ['while the next run takes as long as it may', 70, true],
    ['one interval later', 120, true],
    ['and as long as a run may take', 131, true],
    ['not longer', 132, false],
  ];
  for (const [why, minutes, healthy] of times)
    it(`says ${healthy ? 'well' : 'not well'} ${why}`, () => {
      open('').endedWell('', { nextAt });
      const problem = healthProblem(path, NOW + minutes * MINUTE_MS);
      assert.equal(problem === undefined, healthy, problem);
    });

  it('waits for a run that the service has put off', () => {
    open('').endedWell('', { nextAt: NOW + 24 * HOUR_MS });
    assert.equal(healthProblem(path, NOW + 25 * HOUR_MS), undefined);
  });

  it('says well only where each list is, and names the one that is not', () => {
    const file = open('anna', 'ben');
    file.endedWell('anna', { nextAt });
    assert.equal(healthProblem(path, NOW), 'ben: no run has ended well yet');
    file.endedWell('ben', { nextAt: nextAt + HOUR_MS });
    assert.equal(healthProblem(path, NOW), undefined);
    assert.match(healthProblem(path, NOW + 2.5 * HOUR_MS) ?? '', /^anna: no run has ended well in time; /);
  });

  it('keeps from one process to the next when the whole list was done, and forgets other lists', () => {
    open('anna', 'ben').endedWell('anna', { nextAt, fullAt: NOW });
    const later = open('anna');
    assert.equal(later.fullAt('anna'), NOW);
    later.endedWell('anna', { nextAt });
    assert.equal(open('anna').fullAt('anna'), NOW);
    assert.equal(healthProblem(path, NOW), undefined);
  });

  it('forgets what was done for another account of this name', () => {
    open('').endedWell('', { nextAt, fullAt: NOW });
    const other = openFor('another', '');
    assert.equal(other.fullAt(''), undefined);
    other.endedWell('', { nextAt });
    assert.equal(openFor('another', '').fullAt(''), undefined);
  });

  const ofNobody = [
    '',
    '{}',
    'null',
    '{"lists":{}}',
    '{"lists":{"":null}}',
    '{"lists":{"":{"healthyUntil":"x"}}}',
    '[1',
  ];
  for (const text of ofNobody)
    it(`takes one that says ${text || 'nothing'} for none`, () => {
      path = join(folder, 'watch.json');
      writeFileSync(path, text);
      assert.match(healthProblem(path, NOW) ?? '', /^no run has ended well yet/);
      const file = open('');
      assert.equal(file.fullAt(''), undefined);
      file.endedWell('', { nextAt });
      assert.equal(healthProblem(path, NOW), undefined);
    });

  it('that cannot be written is said once', () => {
    mkdirSync(path, { recursive: true });
    const file = open('');
    for (let run = 0; run < 3; run += 1) file.endedWell('', { nextAt });
    assert.equal(troubles.length, 1);
    assert.match(troubles[0] ?? '', /directory/);
  });
});

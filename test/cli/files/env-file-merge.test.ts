import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseEnvFile } from '../../../lib/cli/files/env-file.ts';
import { mergedText, writeEnvFile } from '../../../lib/cli/files/env-file-merge.ts';
import { Failure } from '../../../lib/failure.ts';

const merge = (text: string, values: Record<string, string>) => mergedText(text, values, '.env');

describe('merging into .env', () => {
  const rows: [why: string, before: string, values: Record<string, string>, after: string][] = [
    ['a new file', '', { A: '1', B: '2' }, 'A=1\nB=2\n'],
    ['what is there stays', '# mine\n\nOWN=x # why\n', { A: '1' }, '# mine\n\nOWN=x # why\nA=1\n'],
    ['the last line has no end', 'OWN=x', { A: '1' }, 'OWN=x\nA=1\n'],
    ['a value is replaced in its place', 'A=1\nOWN=x\n', { A: '2' }, 'A=2\nOWN=x\n'],
    [
      'a value that is right stays as it is written',
      'export A="1" # one\n',
      { A: '1' },
      'export A="1" # one\n',
    ],
    ['a value stays exported', 'export A=1\n', { A: '2' }, 'export A=2\n'],
    ['of two entries the last counts', 'A=1\nA=2\n', { A: '3' }, 'A=1\nA=3\n'],
    ['one that takes several lines', 'A="1\n2"\nOWN=x\n', { A: '3', B: '4' }, 'A=3\nOWN=x\nB=4\n'],
    ['two that are there, in another order', 'A=1\nB=2\nC=3\n', { C: '6', A: '4' }, 'A=4\nB=2\nC=6\n'],
    ['line ends of Windows', 'OWN=x\r\nA=1\r\n', { A: '2', B: '3' }, 'OWN=x\r\nA=2\r\nB=3\r\n'],
    ['spaces and commas', '', { BANDS: 'a quick read:3, a book' }, 'BANDS=a quick read:3, a book\n'],
    ['a value with a # and a $', '', { A: 'x #y $HOME' }, "A='x #y $HOME'\n"],
    ['a single quote', '', { A: "it's" }, 'A="it\'s"\n'],
    ['JSON', '', { WALLABAG: '{"a":"b #c"}' }, 'WALLABAG=\'{"a":"b #c"}\'\n'],
    ['an empty value', '', { A: '' }, "A=''\n"],
  ];
  for (const [why, before, values, after] of rows) {
    it(`leaves the rest alone: ${why}`, () => assert.equal(merge(before, values), after));
  }

  const refused: [why: string, before: string, values: Record<string, string>, said: RegExp][] = [
    ['a line that is not clear', 'A=1\nset B=2\n', { C: '3' }, /^\.env, line 2: is not an entry/],
    ['a value with every quote', '', { A: `'"\`` }, /^Cannot keep A in \.env: no quotes fit it/],
    ['a value of two lines', '', { A: 'x\r\ny' }, /^Cannot keep A in \.env/],
  ];
  for (const [why, before, values, said] of refused) {
    it(`refuses what would be read as something else: ${why}`, () =>
      assert.throws(
        () => merge(before, values),
        (error) => error instanceof Failure && said.test(error.message),
      ));
  }

  it('keeps every value, or refuses: law', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'KARAKEEP_TOKEN');
    const values = fc.dictionary(name, fc.string({ unit: fc.constantFrom(...'ab \'"`#$\\=,:') }));
    fc.assert(
      fc.property(values, values, (first, then) => {
        try {
          const before = merge('# mine\n', first);
          const after = parseEnvFile(merge(before, then), '.env');
          assert.deepEqual({ ...after }, { ...first, ...then });
        } catch (error) {
          assert.ok(error instanceof Failure, String(error));
        }
      }),
    );
  });
});

describe('writing .env', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-file-'));
  });
  afterEach(() => {
    chmodSync(folder, 0o755);
    rmSync(folder, { recursive: true });
  });

  it('is for its owner only, also where the file was for all', () => {
    const path = join(folder, '.env');
    writeFileSync(path, 'A=1\n', { mode: 0o644 });
    writeEnvFile(path, { B: '2' });
    assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['A=1\nB=2\n', 0o600]);
    assert.deepEqual(readdirSync(folder), ['.env']);
  });

  it('makes the folder, for its owner only', () => {
    writeEnvFile(join(folder, 'new', '.env'), { A: '1' });
    assert.equal(statSync(join(folder, 'new')).mode & 0o777, 0o700);
  });

  it('goes on by a link', () => {
    mkdirSync(join(folder, 'kept'));
    writeFileSync(join(folder, 'kept', 'env'), 'A=1\n');
    symlinkSync(join('kept', 'env'), join(folder, '.env'));
    writeEnvFile(join(folder, '.env'), { B: '2' });
    assert.ok(lstatSync(join(folder, '.env')).isSymbolicLink());
    assert.equal(readFileSync(join(folder, 'kept', 'env'), 'utf8'), 'A=1\nB=2\n');
  });

  it('fails in a sentence, and leaves nothing half-written', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(
      () => writeEnvFile(join(folder, 'file', '.env'), { A: '1' }),
      (error) => error instanceof Failure && /^Cannot write \S+\.env: /.test(error.message),
    );
    mkdirSync(join(folder, '.env'));
    assert.throws(
      () => writeEnvFile(join(folder, '.env'), { A: '1' }),
      (error) => error instanceof Failure && /is a folder/.test(error.message),
    );
    assert.deepEqual(readdirSync(folder).toSorted(), ['.env', 'file']);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { quickAnswers } from '../../scripts/quick-answers.ts';
import { type Terminal, terminal } from '../helpers/readtime.ts';

describe('what is answered at once', () => {
  let at: Terminal;
  before(() => {
    at = terminal();
  });
  after(() => at.close());

  it('is what commander would answer; `npm run quick-answers` writes it', async () => {
    assert.deepEqual(
      JSON.parse(readFileSync('lib/cli/quick-answers.json', 'utf8')),
      JSON.parse(JSON.stringify(await quickAnswers())),
    );
  });

  const same: [why: string, args: string[], commander: string[]][] = [
    ['help', ['--help'], ['--help', '--help']],
    ['its short form', ['-h'], ['--help', '--help']],
    ['its word', ['help'], ['--help', '--help']],
  ];
  for (const [why, args, commander] of same) {
    it(`is the same as from commander, which gets what is longer: ${why}`, async () => {
      const answered = await at.readtime(args);
      assert.deepEqual(answered, await at.readtime(commander));
      assert.deepEqual([answered.status, answered.stderr], [0, '']);
    });
  }

  it('is the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const option of ['--version', '-V'])
      assert.deepEqual(await at.readtime([option]), { status: 0, stdout: `${version}\n`, stderr: '' });
  });

  const tabs: [why: string, words: string[], offered: string[]][] = [
    ['a command', ['unt'], ['untag']],
    ['a command of a command', ['secrets', 'se'], ['set']],
    ['a command after an option that takes a value', ['secrets', '--region', 'eu', 'se'], ['set']],
    ['an option', ['tag', '--dr'], ['--dry-run']],
    ['an option after another', ['tag', '--full', '--dr'], ['--dry-run']],
    ['no hidden command', ['sta'], []],
    ['nothing for a number', ['tag', '--limit', ''], []],
  ];
  for (const [why, words, offered] of tabs) {
    it(`completes ${why}`, async () => {
      const { status, stdout, stderr } = await at.readtime(['complete', '--', ...words]);
      assert.deepEqual([status, stderr], [0, '']);
      const lines = stdout.trimEnd().split('\n');
      assert.match(lines.at(-1) ?? '', /^:\d+$/);
      assert.deepEqual(
        lines.slice(0, -1).map((line) => line.split('\t')[0]),
        offered,
      );
    });
  }
});

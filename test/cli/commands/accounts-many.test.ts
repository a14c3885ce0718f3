import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AccountsAtTerminal, startAccountsAtTerminal } from '../../helpers/accounts-at-terminal.ts';

const DAY_MS = 86_400_000;

describe('readtime accounts remove, import and pack', () => {
  let one: AccountsAtTerminal;
  beforeEach(async () => {
    one = await startAccountsAtTerminal();
  });
  afterEach(() => one.close());

  it('removes one, and says until when and how its credentials are restored', async () => {
    await one.addAll(['anna', 'ben']);
    const { status, stdout } = await one.accounts(['remove', 'anna', '--recovery-days', '7']);
    assert.equal(status, 0);
    const { deletedAt = 0 } = one.aws.secrets.secrets.get('prod/accounts/anna') ?? {};
    const day = new Date(deletedAt * 1000).toISOString().slice(0, 10);
    assert.ok(deletedAt * 1000 < Date.now() + 7.5 * DAY_MS);
    assert.match(
      stdout,
      new RegExp(
        `removed from the stage prod\\. Credentials will be deleted on ${day}; until then: aws secretsmanager restore-secret --secret-id prod/accounts/anna --region eu-central-1;`,
      ),
    );
    assert.deepEqual(one.aws.names(), ['ben-continue', 'ben-full', 'ben-recent']);
  });

  it('removes all only where somebody agrees, and then leaves nothing', async () => {
    await one.addAll(['anna', 'ben', 'cleo']);
    const asked = await one.accounts(['remove', '--all']);
    assert.deepEqual([asked.status, asked.stdout], [1, '']);
    assert.match(
      asked.stderr,
      /All 3 accounts of the stage prod: nothing is removed.*nobody to ask; .* remove --all --yes --stage prod$/m,
    );
    assert.equal(one.aws.names().length, 9);
    const removed = await one.accounts(['remove', '--all', '--yes']);
    assert.deepEqual([removed.status, removed.stderr], [0, '']);
    assert.match(removed.stdout, /^3 accounts removed from the stage prod\.$/m);
    assert.match(
      removed.stdout,
      /^Credentials will be deleted on \d{4}-\d\d-\d\d; .* prod\/accounts\/NAME --region eu-central-1/m,
    );
    assert.match(
      removed.stdout,
      /^The stage itself is removed with: npm run remove -- --stage prod --region eu-central-1$/m,
    );
    assert.deepEqual(one.aws.names(), []);
    assert.deepEqual(['anna', 'ben', 'cleo'].map(one.stored), [undefined, undefined, undefined]);
  });

  it('imports lines of JSON, names the wrong ones by their number, and goes on where it was', async () => {
    const file = join(one.folder, 'accounts.jsonl');
    const line = (account: string, more = {}) => JSON.stringify({ account, ...one.variables, ...more });
    writeFileSync(
      file,
      [line('anna'), line('Ben'), '', line('cleo', { LOG_LEVEL: 'DEBUG' }), 'token-5678', line('dora')].join(
        '\r\n',
      ),
    );
    const first = await one.accounts(['import', 'accounts.jsonl']);
    assert.equal(first.status, 1);
    assert.deepEqual(
      [...first.stderr.matchAll(/^readtime: accounts\.jsonl, line (\d+): /gm)].map(([, number]) => number),
      ['2', '4', '5'],
    );
    assert.match(first.stdout, /^2 accounts added to the stage prod, 3 lines refused\.$/m);
    assert.match(first.stdout, /check --all --stage prod$/m);
    assert.deepEqual(one.stored('dora'), one.variables);
    writeFileSync(file, `${line('anna')}\n${line('ben')}\n`);
    const second = await one.accounts(['import', 'accounts.jsonl']);
    assert.deepEqual([second.status, second.stderr], [0, '']);
    assert.match(second.stdout, /^1 account added to the stage prod, 1 there already\.$/m);
    const none = await one.accounts(['import', 'none.jsonl']);
    assert.deepEqual(none, {
      status: 1,
      stdout: '',
      stderr: 'readtime: Cannot use "none.jsonl": no such file or directory\n',
    });
  });

  it('imports into packed secrets', async () => {
    const lines = ['anna', 'ben'].map((account) => JSON.stringify({ account, ...one.variables }));
    const { status } = await one.accounts(['import', '-', '--packed'], lines.join('\n'));
    assert.equal(status, 0);
    assert.deepEqual(one.stored('shard-1'), { anna: one.variables, ben: one.variables });
    const removed = await one.accounts(['remove', 'anna']);
    assert.match(removed.stdout, /which were packed with others, are gone from there; revoke them/);
    const all = await one.accounts(['remove', '--all', '--yes']);
    assert.match(
      all.stdout,
      /^1 account removed[\s\S]*^Packed ones are in prod\/accounts\/shard-1, and so on\.$/m,
    );
  });

  it('packs accounts, and says what that saves', async () => {
    await one.addAll(['anna', 'ben', 'cleo']);
    const packed = await one.accounts(['pack']);
    assert.equal(packed.status, 0);
    assert.match(
      packed.stdout,
      /^3 accounts moved into one packed secret, which costs 0\.80 USD a month less\.$/m,
    );
    assert.deepEqual(Object.keys(one.stored('shard-1') as object), ['anna', 'ben', 'cleo']);
    const again = await one.accounts(['pack']);
    assert.deepEqual([again.status, again.stdout], [0, 'Every account is packed already.\n']);
  });

  const interrupted: [args: string[], before: string[], input: string[], goOn: RegExp, left: number][] = [
    [['import', '-'], [], ['anna', 'ben', 'cleo'], /the same command goes on where it stopped/, 9],
    [['import', '-', '--packed'], [], ['anna', 'ben'], /the same command goes on where it stopped/, 6],
    [['pack'], ['anna', 'ben'], [], /pack --stage prod goes on where it stopped/, 6],
    [['remove', '--all', '--yes'], ['anna', 'ben'], [], /remove --all --stage prod removes the others/, 0],
    [['check', '--all'], ['anna', 'ben'], [], /the same command begins again/, 6],
  ];
  for (const [args, before, input, goOn, left] of interrupted) {
    it(`can be stopped by Ctrl-C, says how to go on, and does: ${args.join(' ')}`, async () => {
      if (before.length > 0) await one.addAll(before);
      const lines = input.map((account) => JSON.stringify({ account, ...one.variables })).join('\n');
      const typed = ['--', resolve('lib/cli/readtime.ts'), 'accounts', ...args, '--stage', 'prod'];
      const child = spawn(process.execPath, typed, {
        env: { PATH: process.env.PATH, ...one.env },
        cwd: one.folder,
      });
      const seen = one.aws.calls.length;
      one.aws.onCall = (_call, number) => {
        if (number === seen + 3) child.kill('SIGINT');
        return undefined;
      };
      child.stdin.end(lines);
      const ended = new Promise<number | null>((done) => child.once('close', done));
      const [said, status] = [await text(child.stderr), await ended];
      assert.equal(status, 3, said);
      assert.match(said, /^readtime: stopped before the end; /m);
      assert.match(said, goOn);
      one.aws.onCall = () => undefined;
      assert.equal((await one.accounts(args, lines)).status, 0);
      assert.equal(one.aws.names().length, left);
    });
  }
});

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTerminal } from '../helpers/at-terminal.ts';

const PROMPT = 'ready> ';
const [ENTER, TAB, CTRL_U, CTRL_D] = ['\r', '\t', '\u0015', '\u0004'];

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('completion in a live bash', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'completion-'));
    symlinkSync(resolve('readtime'), join(folder, 'readtime'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const rows: [why: string, typed: string, completed: string][] = [
    ['a command', 'readtime re', 'readtime report '],
    ['a command, called by its path', './readtime re', './readtime report '],
    ['an option', 'readtime report --fe', 'readtime report --feeds '],
    ['a command of a command', 'readtime secrets se', 'readtime secrets set '],
  ];
  for (const [why, typed, completed] of rows)
    it(`completes ${why}`, async () => {
      const said = await inTerminal(
        'bash --norc --noprofile -i',
        folder,
        [
          [PROMPT, () => `source <(readtime complete bash)${ENTER}`],
          [PROMPT, () => typed + TAB],
          // The line is emptied, and the shell ends.
          [completed, () => CTRL_U + CTRL_D],
        ],
        { PS1: PROMPT, PATH: `${folder}:${process.env.PATH}`, HOME: folder },
      );
      assert.ok(said.includes(completed), said);
      assert.doesNotMatch(said, /not found|error/i);
    });
});

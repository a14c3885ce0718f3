import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Folder,
  folder,
  reportText,
  shownPictures,
  terminalText,
  textsIn,
} from '../helpers/pictures.ts';

const pictures = shownPictures();
const drawn = (path: string) => textsIn(readFileSync(path));

describe('The pictures of the README and docs/', () => {
  it('are all that there are', () => {
    const kept = readdirSync('docs/pictures').map((name) => join('docs/pictures', name));
    assert.deepEqual(pictures.map(({ path }) => path).sort(), kept.sort());
  });

  for (const { path, command } of pictures)
    it(`are of the command above them: ${path}`, () => {
      assert.ok(command?.startsWith('./readtime '), 'a command is above it');
      assert.equal(drawn(path).Command, command, 'draw it again: npm run pictures');
    });
});

// `script` is util-linux's.
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('The pictures of the sample', () => {
  let sample: Folder;
  before(() => {
    sample = folder();
  });
  after(() => sample.remove());

  for (const { path, command = '' } of pictures.filter(({ command }) => command?.includes('--sample')))
    it(`show what the command shows today: ${path}`, async () => {
      const shown = await sample.type(command);
      const [, file] = /--out (\S+)/.exec(command) ?? [];
      const text = file ? reportText(readFileSync(join(sample.path, file), 'utf8')) : terminalText(shown);
      assert.ok(text.length > 100, text);
      assert.equal(text, drawn(path).Text, 'draw it again: npm run pictures');
    });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, type Ended } from '../helpers/command.ts';

const STEPS = ['check', 'build', 'pack', 'build:binary'];
const CHANGELOG =
  '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-11-28\n\n- New.\n\n## 1.1.0 - 2026-01-01\n\n- Old.\n';
const TARBALL = 'readtime-tagger-1.2.0.tgz';

describe('npm run release', () => {
  let folder: string;
  beforeEach(() => {
    folder = clone();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const commit = () => git(folder, 'commit', '--quiet', '--all', '--message=Changed');
  const release = (...args: string[]): Promise<Ended> =>
    command('scripts/release.ts', args, {
      cwd: folder,
      env: { HOME: folder, npm_config_update_notifier: 'false' },
    });

  const refused: [why: string, prepare: () => unknown, says: RegExp, args?: string[]][] = [
    [
      'a file is changed, and would be in no commit',
      () => write('LICENSE', 'mine'),
      /^- Git has changes, such as "LICENSE": commit them/m,
    ],
    [
      'a file is new, and would be missing in a clone',
      () => write('new.ts', ''),
      /^- Git has changes, such as "new\.ts": commit them/m,
    ],
    [
      'it is another branch, which others do not see',
      () => git(folder, 'switch', '--quiet', '--create', 'idea'),
      /^- The branch is "idea": run "git switch main"/m,
    ],
    [
      'the tag is there: npm never takes a version twice',
      () => git(folder, 'tag', 'v1.2.0'),
      /^- The tag v1\.2\.0 exists.*: choose the next version/m,
    ],
    [
      'the lock file is of the version before',
      () => write('package-lock.json', '{"version":"1.1.0"}') ?? commit(),
      /^- package-lock\.json has 1\.1\.0: run "npm install --package-lock-only"/m,
    ],
    [
      'the version is none',
      () => write('package.json', '{"version":"1.2","type":"module"}') ?? commit(),
      /^- package\.json: "1\.2" is not a version such as 1\.2\.3/m,
    ],
    [
      'the changelog does not know the version',
      () => write('CHANGELOG.md', CHANGELOG.replace(/## 1\.2\.0[^#]*/, '')) ?? commit(),
      /^- CHANGELOG\.md has "1\.1\.0 - 2026-01-01" below Unreleased: write "## 1\.2\.0 - \d{4}-\d\d-\d\d"/m,
    ],
    [
      'nothing has been released, and all is still under Unreleased',
      () => write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n- New.\n') ?? commit(),
      /^- CHANGELOG\.md has entries under Unreleased: move them below.*\n- CHANGELOG\.md has "nothing" below/m,
    ],
    [
      'something came since the heading was written',
      () => write('CHANGELOG.md', CHANGELOG.replace('Unreleased\n', 'Unreleased\n\n- Late.\n')) ?? commit(),
      /^- CHANGELOG\.md has entries under Unreleased: move them below "## 1\.2\.0/m,
    ],
    [
      'the version in the changelog has no date',
      () => write('CHANGELOG.md', CHANGELOG.replace(' - 2026-11-28', '')) ?? commit(),
      /^- CHANGELOG\.md has no date in "## 1\.2\.0": write "## 1\.2\.0 - /m,
    ],
    [
      'the changelog says nothing of the version',
      () => write('CHANGELOG.md', CHANGELOG.replace('- New.\n', '')) ?? commit(),
      /^- CHANGELOG\.md says nothing of 1\.2\.0/m,
    ],
    [
      'the workflow was started by a tag of another version',
      () => git(folder, 'tag', 'v1.3.0'),
      /^- This commit is not tagged v1\.2\.0/m,
      ['--tagged'],
    ],
  ];
  for (const [why, prepare, says, args = []] of refused)
    it(`refuses, and runs nothing, where ${why}`, async () => {
      prepare();
      const { status, stdout, stderr } = await release(...args);
      assert.match(stderr, says);
      assert.deepEqual([status, stdout], [1, '']);
    });

  it('names all that is missing at once', async () => {
    git(folder, 'switch', '--quiet', '--create', 'idea');
    write('LICENSE', 'mine');
    const { stderr } = await release();
    assert.equal(stderr.match(/^- /gm)?.length, 2, stderr);
  });

  it('runs every step in order, sums what they made, and says what to type', async () => {
    const { status, stdout, stderr } = await release();
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      stdout.match(/^step .*/gm),
      STEPS.map((step) => `step ${step}`),
    );
    assert.match(stdout, /^ {2}git tag --annotate v1\.2\.0 /m);
    // Where others have pushed meanwhile, the tag alone would publish what is not on main.
    assert.match(stdout, /^ {2}git push --atomic origin main v1\.2\.0$/m);
    assert.match(stdout, /^ {2}npm publish readtime-tagger-1\.2\.0\.tgz --access public$/m);
    assert.match(stdout, /^ {2}gh release create v1\.2\.0 /m);
    assert.equal(readFileSync(join(folder, 'dist/release-notes.md'), 'utf8'), '- New.\n');
    // As somebody checks what was downloaded, all into one folder.
    for (const name of ['dist/SHA256SUMS', 'dist/bin/readtime-linux-x64', TARBALL])
      copyFileSync(join(folder, name), join(folder, 'downloads', name.replace(/.*\//, '')));
    execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(folder, 'downloads') });
    assert.equal(git(folder, 'tag'), '', 'it made no tag');
  });

  it('publishes nothing of a version of which a step failed, and says which', async () => {
    write('package.json', packageJson({ pack: 'exit 3' }));
    commit();
    const { status, stdout, stderr } = await release();
    assert.equal(status, 1);
    assert.match(stderr, /^"npm run pack" failed, and nothing is to be published/m);
    assert.doesNotMatch(stdout, /step build:binary|npm publish/);
  });

  it('says with --dry-run what it would do, and does nothing', async () => {
    const { status, stdout } = await release('--dry-run');
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(STEPS.map((step) => `npm run ${step}`).join(', ')));
    assert.match(stdout, /npm publish/);
    assert.doesNotMatch(stdout, /^step /m);
  });

  it('does the same in the workflow, at a commit that has the tag and no branch', async () => {
    git(folder, 'tag', 'v1.2.0');
    git(folder, 'switch', '--quiet', '--detach');
    const { status, stdout } = await release('--tagged');
    assert.equal(status, 0);
    assert.match(stdout, /step build:binary/);
    assert.doesNotMatch(stdout, /git push/);
  });

  it('names steps that this project has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.deepEqual(
      STEPS.filter((step) => !(step in scripts)),
      [],
    );
  });
});

/** A repository with the script itself, and steps that take no time. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  for (const name of ['scripts', 'downloads']) mkdirSync(join(folder, name));
  copyFileSync('scripts/release.ts', join(folder, 'scripts/release.ts'));
  for (const [name, text] of Object.entries({
    'package.json': packageJson(),
    'package-lock.json': '{"version":"1.2.0"}',
    'CHANGELOG.md': CHANGELOG,
    LICENSE: 'MIT',
    '.gitignore': 'dist/\n*.tgz\ndownloads\n.npm\n',
  }))
    writeFileSync(join(folder, name), text);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=New');
  return folder;
}

function packageJson(scripts: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    version: '1.2.0',
    type: 'module',
    scripts: {
      check: 'echo step check',
      build: 'echo step build && mkdir -p dist/bin',
      pack: `echo step pack && echo tarball > ${TARBALL}`,
      'build:binary': 'echo step build:binary && echo binary > dist/bin/readtime-linux-x64',
      ...scripts,
    },
  });
}

function git(folder: string, ...args: string[]): string {
  const config = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...config, ...args], { cwd: folder, encoding: 'utf8' });
}

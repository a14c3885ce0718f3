/**
 * `npm run release`: checks that a version is ready, builds all that is published, and says what to type. It publishes
 * nothing. With `--dry-run` it checks, and says what it would do. With `--tagged`, as release.yml runs it, the commit has
 * its tag already, and no branch is asked for.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';

/** Scripts of package.json, in this order. */
const STEPS = ['check', 'build', 'pack', 'build:binary'];
const SUMS = 'dist/SHA256SUMS';
const NOTES = 'dist/release-notes.md';

const { values: options } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false }, tagged: { type: 'boolean', default: false } },
});
process.exitCode = release();

function release(): number {
  const version = versionIn('package.json');
  const problems = [...versionProblems(version), ...changelogProblems(version), ...gitProblems(version)];
  if (problems.length > 0) {
    console.error([`Version ${version} is not ready:`, ...problems].join('\n- '));
    return 1;
  }
  console.log(`Version ${version} is ready: ${STEPS.map((step) => `npm run ${step}`).join(', ')}`);
  const failed = options['dry-run'] ? undefined : STEPS.find((step) => !run(step));
  if (failed !== undefined) {
    console.error(
      `"npm run ${failed}" failed, and nothing is to be published: mend what it says, and start again`,
    );
    return 1;
  }
  if (!options['dry-run']) describeFiles(version);
  if (!options.tagged) console.log(toType(version));
  return 0;
}

function run(step: string): boolean {
  return spawnSync('npm', ['run', step], { stdio: 'inherit' }).status === 0;
}

function versionIn(file: string): string {
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

function versionProblems(version: string): string[] {
  const locked = versionIn('package-lock.json');
  if (!/^\d+\.\d+\.\d+$/.test(version))
    return [`package.json: "${version}" is not a version such as 1.2.3: write one there`];
  return locked === version ? [] : [`package-lock.json has ${locked}: run "npm install --package-lock-only"`];
}

/** What CHANGELOG.md has below the heading `## VERSION - DATE`. */
function entriesOf(version: string): string {
  const [, entries = ''] = readFileSync('CHANGELOG.md', 'utf8').split(`\n## ${version} - `);
  return entries.split('\n## ')[0]?.replace(/^.*\n/, '').trim() ?? '';
}

function changelogProblems(version: string): string[] {
  const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
  const [unreleased = ''] = sections.filter((section) => section.startsWith('Unreleased'));
  const [newest = ''] = sections.filter((section) => section !== unreleased);
  const [heading = ''] = newest.split('\n');
  const wanted = `"## ${version} - ${new Date().toISOString().slice(0, 10)}"`;
  const problems = [];
  if (/^[-*] /m.test(unreleased))
    problems.push(`CHANGELOG.md has entries under Unreleased: move them below ${wanted}`);
  if (heading.split(' ')[0] !== version)
    problems.push(
      `CHANGELOG.md has "${heading || 'nothing'}" below Unreleased: write ${wanted}, or mend package.json`,
    );
  else if (!/^\S+ - \d{4}-\d\d-\d\d$/.test(heading))
    problems.push(`CHANGELOG.md has no date in "## ${heading}": write ${wanted}`);
  else if (entriesOf(version) === '')
    problems.push(`CHANGELOG.md says nothing of ${version}: write what is new`);
  return problems;
}

function gitProblems(version: string): string[] {
  const tag = `v${version}`;
  const [changed] = git('status', '--porcelain').split('\n');
  const problems = changed
    ? [`Git has changes, such as "${changed.slice(3)}": commit them, or undo them`]
    : [];
  if (options.tagged) {
    const tags = git('tag', '--points-at', 'HEAD').split('\n');
    if (!tags.includes(tag)) problems.push(`This commit is not tagged ${tag}: tag the one with that version`);
    return problems;
  }
  const branch = git('branch', '--show-current').trim();
  if (branch !== 'main') problems.push(`The branch is "${branch}": run "git switch main"`);
  if (git('tag', '--list', tag) !== '')
    problems.push(`The tag ${tag} exists, so ${version} may be published: choose the next version`);
  return problems;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' });
}

function files(version: string): string[] {
  return [`readtime-tagger-${version}.tgz`, ...globSync('dist/bin/*').toSorted()];
}

/** Writes the sums, as `sha256sum --check` reads them, and what is new. */
function describeFiles(version: string): void {
  const sums = files(version).map((file) => {
    const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
    return `${sum}  ${basename(file)}\n`;
  });
  writeFileSync(SUMS, sums.join(''));
  writeFileSync(NOTES, `${entriesOf(version)}\n`);
  console.log(`\n${sums.join('')}`);
}

function toType(version: string): string {
  return `
Publishes nothing. To have release.yml publish it, with provenance:

  git tag --annotate v${version} --message "Version ${version}"
  git push --atomic origin main v${version}

By hand, such as the first time, when npm does not know yet that release.yml may (provenance is signed by CI alone):

  npm publish readtime-tagger-${version}.tgz --access public
  gh release create v${version} --verify-tag --title ${version} --notes-file ${NOTES} \\
    readtime-tagger-${version}.tgz dist/bin/* ${SUMS}`;
}

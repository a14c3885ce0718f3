import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Step = {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
};
type Job = {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};
type Workflow = {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

const read = (file: string): Workflow => parse(readFileSync(file, 'utf8'));
const { on, permissions, jobs } = read('.github/workflows/release.yml');

describe('release.yml', () => {
  it('is started by the tag of a version, and by nothing else', () =>
    assert.deepEqual(on, { push: { tags: ['v*'] } }));

  const rights: [job: string, why: string, permissions: Job['permissions']][] = [
    ['build', 'reads, and nothing more', { contents: 'read' }],
    ['npm', 'shows npm who it is', { 'id-token': 'write' }],
    [
      'github',
      'makes a release, and signs what is in it',
      { contents: 'write', 'id-token': 'write', attestations: 'write' },
    ],
    [
      'image',
      'pushes an image, and signs it',
      { contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
    ],
  ];
  for (const [name, why, granted] of rights)
    it(`has a job ${name} that ${why}`, () => assert.deepEqual(jobs[name]?.permissions, granted));

  it('grants nothing but what a job asks for', () => {
    assert.deepEqual(permissions, {});
    assert.deepEqual(
      Object.keys(jobs),
      rights.map(([name]) => name),
    );
  });

  it('runs no code of a dependency where something could be signed or published', () => {
    const running = Object.entries(jobs).filter(([, { steps }]) =>
      steps.some(({ run = '' }) => /npm (ci|install|run|exec|test)|npx|node /.test(run)),
    );
    assert.deepEqual(
      running.map(([name]) => name),
      ['build'],
    );
  });

  it('publishes what npm run release has checked and built', () => {
    assert.ok(jobs.build?.steps.some(({ run }) => run === 'npm run release -- --tagged'));
    for (const name of ['npm', 'github', 'image']) assert.equal(jobs[name]?.needs, 'build', name);
  });

  it('publishes the package, the executables and the image with provenance', () => {
    assert.ok(jobs.npm?.steps.some(({ run = '' }) => /^npm publish .* --provenance/.test(run)));
    const attests = ({ steps }: Job) =>
      steps.some(({ uses = '' }) => uses.startsWith('actions/attest-build-'));
    assert.deepEqual(
      Object.keys(jobs).filter((name) => jobs[name] && attests(jobs[name])),
      ['github', 'image'],
    );
    const push = jobs.image?.steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action@'));
    const { platforms, provenance, sbom } = push?.with ?? {};
    assert.deepEqual([platforms, provenance, sbom], ['linux/amd64,linux/arm64', 'mode=max', true]);
  });

  it('is of actions of one major version each, or of one commit, as ci.yml is', () => {
    const used = globSync('.github/workflows/*.yml').flatMap((file) =>
      Object.values(read(file).jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? [])),
    );
    assert.deepEqual(
      used.filter((uses) => !/^(actions|docker)\/[\w-]+@(v\d+|[\da-f]{40})$/.test(uses)),
      [],
    );
    const versions = new Set(used);
    const names = new Set(used.map((uses) => uses.replace(/@.*/, '')));
    assert.equal(versions.size, names.size, [...versions].join(', '));
  });
});

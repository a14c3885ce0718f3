import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeItems } from '../helpers/services/fake-service.ts';
import { type FakeKarakeep, fakeKarakeep } from '../helpers/services/karakeep.ts';
import { until } from '../helpers/until.ts';
import { buildImage, IMAGE, podman, succeed, type TaggerService, taggerService } from './tagger-service.ts';

const BANDS = ['a quick read', 'a medium read', 'a long read'];
const ONCE = ['run', '--rm', '--no-deps', '-T', 'tagger'];

describe('The image, as compose.yaml starts it', () => {
  before(buildImage);

  describe('for one command, without a network', () => {
    let tagger: TaggerService;
    before(() => {
      tagger = taggerService({}, { network_mode: 'none' });
    });
    after(() => tagger.remove());

    it('watches each hour by itself, is asked for its health, and told to stop', async () => {
      const { stdout } = await succeed(podman('image', 'inspect', IMAGE));
      const [{ Config, Healthcheck }] = JSON.parse(stdout);
      const command = ['/nodejs/bin/node', '--', '/app/dist/readtime.cjs'];
      assert.deepEqual(Config.Entrypoint, command);
      assert.deepEqual(Config.Cmd, ['watch', '--every', '1h']);
      assert.equal(Config.StopSignal, 'SIGTERM');
      assert.deepEqual(Healthcheck.Test, ['CMD', ...command, 'watch', '--healthy']);
    });

    it('tells its version', async () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
      assert.equal((await succeed(tagger.compose(...ONCE, '--version'))).stdout.trim(), version);
    });

    it('plans a sample list', async () => {
      const { stdout } = await succeed(tagger.compose(...ONCE, 'plan', '--sample'));
      assert.match(stdout, /Would tag \d+ of 45 /);
    });

    const inside: [why: string, script: string, prints: string | RegExp][] = [
      [
        'is not root',
        "require('fs').readFileSync('/proc/self/status', 'utf8')",
        /^Uid:\t65532\t65532\t65532/m,
      ],
      ['has no rights', "require('fs').readFileSync('/proc/self/status', 'utf8')", /^CapBnd:\t0+$/m],
      ['gains none', "require('fs').readFileSync('/proc/self/status', 'utf8')", /^NoNewPrivs:\t1$/m],
      ['has no shell', "require('fs').existsSync('/bin/sh')", 'false'],
      [
        'cannot change itself, nor fill a disk',
        "['/', '/app', '/tmp', '/home/nonroot'].map((folder) => { try { require('fs').mkdtempSync(folder + '/x') } catch (error) { return error.code } }).join()",
        'EROFS,EROFS,EROFS,EROFS',
      ],
      [
        'keeps in its volume what it keeps, as its own',
        "JSON.stringify(['/data', '/data/readtime'].map((folder) => require('fs').statSync(folder)).map(({ uid, gid }) => [uid, gid]))",
        '[[65532,65532],[65532,65532]]',
      ],
      [
        'has certificates of authorities',
        "require('fs').readFileSync(process.env.SSL_CERT_FILE).length > 1e5",
        'true',
      ],
      [
        'knows time zones, for --full-at',
        "new Date(0).toLocaleTimeString('de', { timeZone: 'Asia/Tokyo' })",
        '09:00:00',
      ],
    ];
    for (const [why, script, prints] of inside)
      it(why, async () => {
        const printed = await tagger.look(script);
        if (typeof prints === 'string') assert.equal(printed, prints);
        else assert.match(printed, prints);
      });
  });

  describe('in a folder of the machine, as its owner', () => {
    const OWNER = process.getuid?.() || 1000; // not root, who alone may give a folder away
    let folder: string;
    let tagger: TaggerService;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'data-'));
      tagger = taggerService(
        {},
        { network_mode: 'none', user: `${OWNER}:${OWNER}`, volumes: [`${folder}:/data`] },
      );
    });
    afterEach(async () => {
      await tagger.remove();
      rmSync(folder, { recursive: true });
    });

    it('plans a sample list, too', async () => {
      chownSync(folder, OWNER, OWNER);
      await succeed(tagger.compose(...ONCE, 'plan', '--sample'));
    });

    it('says in a sentence that it may not write there', async () => {
      chmodSync(folder, 0o555); // as one that Docker makes, which is root's, is for others
      const { status, stderr } = await tagger.compose(...ONCE, 'plan', '--sample');
      assert.equal(status, 1);
      assert.match(stderr, /^readtime: .*\/data.*: permission denied/m);
    });
  });

  describe('beside a Karakeep', () => {
    const items = fakeItems(20, { tags: ['mine'] });
    const tagged = () => items.filter(({ tags }) => BANDS.some((band) => tags.includes(band))).length;
    let isDown = true;
    let karakeep: FakeKarakeep;
    let tagger: TaggerService;
    const stateOf = async (field: string) =>
      (await succeed(podman('inspect', `--format={{.State.${field}}}`, tagger.container))).stdout.trim();
    const health = () => podman('healthcheck', 'run', tagger.container);

    before(async () => {
      karakeep = await fakeKarakeep(items, {
        fault: () => (isDown ? new Response('', { status: 503 }) : undefined),
      });
      const [token = ''] = karakeep.tokens;
      tagger = taggerService(
        { KARAKEEP_TOKEN: token },
        {
          network_mode: 'host',
          environment: { KARAKEEP_URL: karakeep.url },
          command: ['watch', '--every', '3s'],
        },
      );
    });
    after(async () => {
      await tagger.remove();
      await karakeep.close();
    });

    it('goes on, and is not healthy, while the Karakeep is down', async () => {
      await succeed(tagger.compose('up', '--detach', '--no-deps', 'tagger'));
      await until('a call', () => karakeep.calls.length > 0);
      assert.notEqual((await health()).status, 0);
      assert.equal(await stateOf('Status'), 'running');
    });

    it('tags, and is healthy, once that is up again', async () => {
      isDown = false;
      await until('all tagged', () => tagged() === items.length);
      await until('healthy', async () => (await health()).status === 0);
      assert.ok(items.every(({ tags }) => tags.includes('mine')));
    });

    it('tags what is saved later', async () => {
      items.unshift(...fakeItems(1).map((item) => ({ ...item, id: 'later', addedAt: item.addedAt + 60 })));
      await until('the next run', () => tagged() === items.length);
    });

    it('ends well when it is told to stop', async () => {
      await succeed(tagger.compose('stop', 'tagger'));
      assert.deepEqual([await stateOf('Status'), await stateOf('ExitCode')], ['exited', '0']);
    });

    it('says each run in its log, and no token', async () => {
      const { stdout, stderr } = await podman('logs', tagger.container);
      assert.match(stdout, / 20 tagged, /);
      for (const token of karakeep.tokens) assert.ok(!`${stdout}${stderr}`.includes(token));
    });
  });
});

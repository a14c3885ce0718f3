import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { showLogOfFailures } from '../helpers/ministack.ts';
import { CREDENTIALS } from '../helpers/pocket.ts';
import { ARTICLES, removeTags, type SharedStage, sharedStage, tagsOf } from './shared-stage.ts';

const EVENTS = 'test/events';

describe('the deployed function', () => {
  let shared: SharedStage;
  before(async () => {
    shared = await sharedStage();
  });
  beforeEach(() => removeTags(shared));
  showLogOfFailures(() => shared?.ministack);

  const tagged = () => tagsOf(shared).filter(({ length }) => length > 0).length;
  const eventIn = (file: string) => JSON.parse(readFileSync(`${EVENTS}/${file}`, 'utf8'));

  describe('invoked with each event of test/events', () => {
    // biome-ignore lint/suspicious/noExplicitAny: a Summary, or a SecretsCheck
    const rows: Record<string, (result: any) => void> = {
      'recent.json': (result) => {
        assert.deepEqual([result.complete, result.tagged, tagged()], [true, ARTICLES, ARTICLES]);
      },
      'full.json': (result) => {
        assert.deepEqual([result.complete, result.tagged, tagged()], [true, ARTICLES, ARTICLES]);
        assert.deepEqual(tagsOf(shared)[0], ['short'], '100 words');
      },
      'first-ten.json': (result) => {
        assert.deepEqual([result.complete, result.tagged, tagged()], [false, 10, 10]);
      },
      'dry-run.json': (result) => {
        assert.deepEqual([result.dryRun, result.tagged, tagged()], [true, ARTICLES, 0]);
      },
      'check.json': (result) => {
        assert.deepEqual([result.ok, result.secrets.length, tagged()], [true, 2, 0]);
      },
      'untag.json': (result) => {
        assert.deepEqual([result.untagged, tagged()], [0, 0], 'nothing has a tag here');
      },
      // What EventBridge sends by itself means the defaults.
      'scheduled.json': (result) => assert.deepEqual([result.tagged, tagged()], [ARTICLES, ARTICLES]),
    };
    it('has a row for every file', () =>
      assert.deepEqual(readdirSync(EVENTS).sort(), Object.keys(rows).sort()));
    for (const [file, expect] of Object.entries(rows))
      it(`does what ${file} says`, async () => {
        const { error, result } = await shared.stage.invoke(eventIn(file));
        assert.equal(error, undefined, JSON.stringify(result));
        expect(result);
      });

    it('takes off with untag.json what full.json put on', async () => {
      await shared.stage.invoke(eventIn('full.json'));
      assert.equal(tagged(), ARTICLES);
      const { result } = await shared.stage.invoke(eventIn('untag.json'));
      assert.deepEqual([result.untagged, tagged()], [ARTICLES, 0]);
    });

    it('tags what is new where no event is given, as by the Test button with {}', async () => {
      for (const event of [undefined, {}, '']) await shared.stage.invoke(event);
      assert.equal(tagged(), ARTICLES);
    });
  });

  describe('invoked with an event that makes no sense', () => {
    const rows: [why: string, event: unknown, message: RegExp][] = [
      ['a mode that there is not', { mode: 'everything' }, /mode/],
      ['a limit that is no number', { mode: 'full', limit: 'ten' }, /limit/],
      ['a list', [1], /event/i],
    ];
    for (const [why, event, message] of rows)
      it(`says so, and changes nothing: ${why}`, async () => {
        const { error, result } = await shared.stage.invoke(event);
        assert.equal(error, 'Unhandled');
        assert.match(result.errorMessage, message);
        assert.equal(tagged(), 0);
      });
  });

  describe('whose token the reading list no longer takes', () => {
    const takes = (accessToken: string) =>
      shared.pocket.server.setCredentials({ ...CREDENTIALS, accessToken });
    const put = (SecretString: string) =>
      new SecretsManagerClient(shared.ministack.client).send(
        new PutSecretValueCommand({ SecretId: 'POCKET_TOKEN', SecretString }),
      );
    before(() => takes('rotated'));
    after(async () => {
      takes(CREDENTIALS.accessToken);
      await put(CREDENTIALS.accessToken);
    });

    it('fails as credentials, and names the secret but not its value', async () => {
      const { error, result } = await shared.stage.invoke({ mode: 'full' });
      assert.equal(error, 'Unhandled');
      assert.match(result.errorMessage, /token is not valid.*POCKET_TOKEN/);
      assert.equal(tagged(), 0);
      assert.ok(!`${JSON.stringify(result)}${shared.ministack.log()}`.includes(CREDENTIALS.accessToken));
    });

    it('goes on when the secret is rotated, without a deploy', async () => {
      await put('rotated');
      const { error, result } = await shared.stage.invoke({ mode: 'full' });
      assert.deepEqual([error, result.tagged], [undefined, ARTICLES], JSON.stringify(result));
    });
  });
});

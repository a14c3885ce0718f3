import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageEnvironment } from '../../../lib/cli/environment.ts';
import { fileEnvironment, listFile } from '../../../lib/cli/files/list-file.ts';
import { listsOf } from '../../../lib/cli/lists.ts';
import type { ListSource } from '../../../lib/cli/options.ts';
import { withEnvironment } from '../../helpers/environment.ts';

const OWN = 'READING_LIST=karakeep\nKARAKEEP_URL=http://nas.test\n';

describe('a file of --env-file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lists-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  const read: [why: string, text: string, outside: Record<string, string>, name: string, value?: string][] = [
    ['the file first', 'BANDS=a:1, b', { BANDS: 'c:1, d' }, 'BANDS', 'a:1, b'],
    ['a general setting of the environment', '', { BANDS: 'c:1, d' }, 'BANDS', 'c:1, d'],
    ['a general setting that begins like a secret', '', { SECRET_MAX_AGE_S: '60' }, 'SECRET_MAX_AGE_S', '60'],
    ['what the platform needs', '', { HTTPS_PROXY: 'http://proxy.test' }, 'HTTPS_PROXY', 'http://proxy.test'],
    ['no address of the environment', '', { READECK_URL: 'http://x.test' }, 'READECK_URL'],
    ['no token', '', { KARAKEEP_TOKEN: 'theirs' }, 'KARAKEEP_TOKEN'],
    ['no token by its prefix', '', { SECRET_KARAKEEP_TOKEN: 'theirs' }, 'SECRET_KARAKEEP_TOKEN'],
    ['no secret by any other name', '', { SECRET_prod_token: 'theirs' }, 'SECRET_prod_token'],
    ['no secret that the file names', 'KARAKEEP_TOKEN_SECRET=MINE', { MINE: 'theirs' }, 'MINE'],
    ['no name of a secret', '', { KARAKEEP_TOKEN_SECRET: 'THEIRS' }, 'KARAKEEP_TOKEN_SECRET'],
    [
      'no name of the token of a webhook, which would be that of each list',
      '',
      { WEBHOOK_TOKEN_SECRET: 'THEIRS' },
      'WEBHOOK_TOKEN_SECRET',
    ],
    ['no other place of secrets, which has those of another', '', { SECRETS_FROM: 'aws' }, 'SECRETS_FROM'],
    ['no service of the environment', 'READING_LIST=', { READING_LIST: 'pocket' }, 'READING_LIST', ''],
    ['no proxy in other letters', 'HTTP_PROXY=http://a.test', { http_proxy: 'http://b.test' }, 'http_proxy'],
  ];
  for (const [why, text, outside, name, value] of read)
    it(`is read with ${why}`, () =>
      withEnvironment(outside, async () => {
        const before = { ...process.env };
        assert.equal(fileEnvironment(file('anna.env', `${OWN}${text}\n`))[name], value);
        assert.deepEqual({ ...process.env }, before, 'nothing is written into the environment');
      }));

  const refused: [why: string, name: string, text: string | undefined, sentence: RegExp][] = [
    [
      'not there',
      'ben.env',
      undefined,
      /ben\.env: there is no such file; .*readtime init --env-file \S+ben\.env writes one$/,
    ],
    [
      'of Docker Compose',
      'ben.env',
      'POSTGRES_PASSWORD=x\nLOG_LEVEL=debug\n',
      /ben\.env: sets nothing of the tagger: it is another program's$/,
    ],
    [
      'not clear',
      'ben.env',
      `${OWN}set KARAKEEP_TOKEN=x\n`,
      /ben\.env, line 3: is not an entry; write KARAKEEP_TOKEN=value$/,
    ],
    ['UTF-16', 'ben.env', 'R\0E\0', /ben\.env: is not UTF-8 but UTF-16; save it as UTF-8$/],
    [
      'with what only the client of AWS reads',
      'ben.env',
      `${OWN}AWS_ACCESS_KEY_ID=x\n`,
      /ben\.env: AWS_ACCESS_KEY_ID is not read from here; set it in the environment, or name an AWS_PROFILE$/,
    ],
  ];
  for (const [why, name, text, message] of refused)
    it(`is refused where it is ${why}`, () => {
      const path = text === undefined ? join(folder, name) : file(name, text);
      assert.throws(() => fileEnvironment(path), { kind: 'settings', message });
    });

  it('may be one that is to be written', () =>
    withEnvironment({ KARAKEEP_TOKEN: 'theirs', BANDS: 'a:1, b' }, async () => {
      const { KARAKEEP_TOKEN, BANDS } = fileEnvironment(join(folder, 'new.env'), { begins: true });
      assert.deepEqual([KARAKEEP_TOKEN, BANDS], [undefined, 'a:1, b']);
    }));

  it('is one for a command that is for one list', () => {
    assert.equal(listFile({}), undefined);
    assert.equal(listFile({ envFile: ['anna.env'] }), 'anna.env');
    assert.throws(() => listFile({ envFile: ['anna.env', 'ben.env'] }), {
      kind: 'settings',
      message: 'this command is for one list: give --env-file once',
    });
  });

  it('is what serverless reads, and no .env beside it', () =>
    withEnvironment({ KARAKEEP_TOKEN: 'theirs' }, async () => {
      file('.env', 'KARAKEEP_TOKEN=of another\nWORDS_PER_MINUTE=100\n');
      const ofStage = stageEnvironment({ envFile: [file('prod.env', `${OWN}BANDS=a:1, b\n`)] });
      const readAsServerless: () => Promise<NodeJS.ProcessEnv> = createRequire(import.meta.url)(
        '../../../infra/environment.cjs',
      );
      const before = process.cwd();
      process.chdir(folder);
      try {
        await withEnvironment(ofStage as Record<string, string>, async () => {
          delete process.env.KARAKEEP_TOKEN;
          const { KARAKEEP_TOKEN, WORDS_PER_MINUTE, BANDS } = await readAsServerless();
          assert.deepEqual([KARAKEEP_TOKEN, WORDS_PER_MINUTE, BANDS], [undefined, undefined, 'a:1, b']);
        });
      } finally {
        process.chdir(before);
      }
      assert.equal(ofStage.KARAKEEP_TOKEN, undefined);
      assert.deepEqual(stageEnvironment({}).READTIME_ENV_FILE, undefined);
    }));

  describe('beside others', () => {
    const token = (text: string) => `${OWN}KARAKEEP_TOKEN=${text}\n`;
    const names = (...files: string[]) =>
      listsOf<ListSource>({ envFile: files }).map(({ listName }) => listName);

    it('is a list of its own, with the name of the file, or of its folder', () => {
      const [anna, ben] = [file('anna.env', token('a')), file('.env.ben', token('b'))];
      const cleo = file('cleo/.env', token('c'));
      assert.deepEqual(listsOf({ envFile: [anna, ben, cleo], quiet: true }), [
        { envFile: [anna], listName: 'anna', quiet: true },
        { envFile: [ben], listName: 'ben', quiet: true },
        { envFile: [cleo], listName: 'cleo', quiet: true },
      ]);
    });

    it('has its path for a name where two have one', () => {
      const [one, other] = [file('a/list.env', token('a')), file('b/list.env', token('b'))];
      assert.deepEqual(names(one, other, file('anna.env', token('c'))), [one, other, 'anna']);
    });

    it('needs no name where it is the only one', () =>
      assert.deepEqual(names(file('anna.env', token('a'))), [undefined]));

    const link = (anna: string) => {
      symlinkSync(anna, join(folder, 'l.env'));
      return join(folder, 'l.env');
    };
    const twice: [why: string, other: (anna: string) => string, sentence: RegExp][] = [
      ['by the same path', (anna) => anna, /anna\.env is given twice: leave one of them out$/],
      [
        'by another path',
        () => `${folder}/a/../anna.env`,
        /anna\.env and \S+ name the same list: leave one of them out$/,
      ],
      ['by a link', link, /anna\.env and \S+l\.env name the same list/],
      [
        'as a copy with other bands',
        () => file('b.env', `${token('a')}BANDS=a:1, b\n`),
        /anna\.env and \S+b\.env name the same list/,
      ],
      [
        'as a copy that names the secret otherwise',
        () => file('b.env', `${OWN}SECRET_KARAKEEP_TOKEN=a\n`),
        /name the same list/,
      ],
    ];
    for (const [why, other, message] of twice)
      it(`is refused where its list is there already, ${why}`, () => {
        mkdirSync(join(folder, 'a'));
        const anna = file('anna.env', token('a'));
        const files = [anna, file('c.env', token('c')), other(anna)];
        assert.throws(() => listsOf({ envFile: files }), { kind: 'settings', message });
      });

    const different: [why: string, other: string][] = [
      ['another account of the same server', token('b')],
      [
        'the same token at another address',
        'READING_LIST=karakeep\nKARAKEEP_URL=http://b.test\nKARAKEEP_TOKEN=a\n',
      ],
      ['one without a token, which its turn will say', OWN],
      ['one that cannot be read, which its turn will say', 'READING_LIST=karakep\n'],
      ['one whose secrets are in AWS', `${OWN}SECRETS_FROM=aws\n`],
    ];
    for (const [why, text] of different)
      it(`may stand beside ${why}`, () => {
        const files = [file('anna.env', token('a')), file('b.env', text)];
        assert.equal(listsOf({ envFile: files }).length, 2);
      });

    it('is not for the sample, which is a list of its own', () =>
      assert.throws(() => listsOf({ envFile: [file('anna.env', OWN)], sample: true }), {
        message: 'the sample is a list of its own: leave out --env-file',
      }));
  });
});

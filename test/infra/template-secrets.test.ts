import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import {
  ofType,
  resource,
  type Statement,
  statementsOf,
  type Template,
  templateFor,
} from '../helpers/template.ts';

const secretStatements = (template: Template): Statement[] =>
  statementsOf(resource(template, 'TaggerRole', 'AWS::IAM::Role')).filter(({ Action }) =>
    [Action].flat().some((action) => action.startsWith('secretsmanager:')),
  );

function namesGiven(template: Template): Record<string, string> {
  const [tagger] = ofType(template, 'AWS::Lambda::Function');
  const environment = tagger?.Properties.Environment as { Variables: Record<string, string> } | undefined;
  return Object.fromEntries(
    Object.entries(environment?.Variables ?? {}).filter(([name]) => name.endsWith('_SECRET')),
  );
}

const arn = (name: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
});

const FULL = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/pocket-AbC123';
const PARTIAL = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/pocket/token';

describe('the secrets in the compiled template', function () {
  this.timeout(60_000);

  const rows: [
    why: string,
    args: string[],
    names: [string, string],
    secrets: unknown[],
    created?: string[],
  ][] = [
    ['by default', [], ['POCKET_KEY', 'POCKET_TOKEN'], ['POCKET_KEY', 'POCKET_TOKEN'].map(arn)],
    [
      'of a stage with {environment}/{service}/{type}',
      [
        '--stage',
        'prod',
        '--param=pocketKeySecret=prod/pocket/key',
        '--param=pocketTokenSecret=prod/pocket/token',
      ],
      ['prod/pocket/key', 'prod/pocket/token'],
      ['prod/pocket/key', 'prod/pocket/token'].map(arn),
    ],
    [
      'with two keys of one JSON secret',
      ['--param=pocketKeySecret=/reading/pocket#key', '--param=pocketTokenSecret=/reading/pocket#token'],
      ['/reading/pocket#key', '/reading/pocket#token'],
      [arn('/reading/pocket')],
    ],
    [
      'named by the ARN that another account gives, two keys of one',
      [`--param=pocketKeySecret=${FULL}#key`, `--param=pocketTokenSecret=${FULL}#token`],
      [`${FULL}#key`, `${FULL}#token`],
      [FULL],
    ],
    [
      'named by an ARN without its last six characters; only the other is made',
      ['--stage', 'prod', `--param=pocketTokenSecret=${PARTIAL}`, '--param=createSecrets=true'],
      ['prod/pocket/key', PARTIAL],
      [arn('prod/pocket/key'), `${PARTIAL}-??????`],
      ['prod/pocket/key'],
    ],
    [
      'with createSecrets',
      ['--stage', 'prod', '--param=createSecrets=true'],
      ['prod/pocket/key', 'prod/pocket/token'],
      ['prod/pocket/key', 'prod/pocket/token'].map(arn),
      ['prod/pocket/key', 'prod/pocket/token'],
    ],
    [
      'with createSecrets, where an earlier deployment left one',
      ['--stage', 'prod', '--param=createSecrets=true', '--param=existingSecrets=prod/pocket/key'],
      ['prod/pocket/key', 'prod/pocket/token'],
      ['prod/pocket/key', 'prod/pocket/token'].map(arn),
      ['prod/pocket/token'],
    ],
  ];
  for (const [why, args, [key, token], secrets, created = []] of rows) {
    describe(why, () => {
      let template: Template;
      before(async () => {
        template = await templateFor(...args);
      });

      it('gives the function the names', () => {
        assert.deepEqual(namesGiven(template), { POCKET_KEY_SECRET: key, POCKET_TOKEN_SECRET: token });
      });

      it('lets the role read and describe exactly these secrets, and nothing else', () => {
        assert.deepEqual(secretStatements(template), [
          {
            Effect: 'Allow',
            Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
            Resource: secrets,
          },
        ]);
      });

      it('has no wildcard but the six characters that end an ARN', () => {
        const granted = JSON.stringify(secretStatements(template)).replaceAll('-??????"', '"');
        assert.doesNotMatch(granted, /[*?]/);
      });

      it(`creates ${created.length > 0 ? `${created.join(' and ')}, kept when the stack goes but not when the first deployment fails` : 'none'}`, () => {
        const resources = ofType(template, 'AWS::SecretsManager::Secret');
        assert.deepEqual(
          resources.map(({ Properties }) => Properties.Name),
          created,
        );
        for (const { DeletionPolicy, Properties } of resources) {
          assert.equal(DeletionPolicy, 'RetainExceptOnCreate');
          assert.deepEqual(Properties.GenerateSecretString, {
            SecretStringTemplate: '{"readtime-tagger":"placeholder"}',
            GenerateStringKey: 'generated',
          });
        }
      });
    });
  }

  it('follow the reading list, whose settings the function gets, too', async () => {
    const template = await templateFor(
      '--param=readingList=karakeep',
      '--param=karakeepUrl=https://karakeep.example.com',
      '--param=karakeepTokenSecret=prod/karakeep#token',
      '--param=wordsPerMinute=300',
    );
    const [tagger] = ofType(template, 'AWS::Lambda::Function');
    assert.partialDeepStrictEqual(tagger?.Properties.Environment.Variables, {
      READING_LIST: 'karakeep',
      KARAKEEP_URL: 'https://karakeep.example.com',
      KARAKEEP_TOKEN_SECRET: 'prod/karakeep#token',
      WORDS_PER_MINUTE: '300',
    });
    assert.deepEqual(
      secretStatements(template).map(({ Resource }) => Resource),
      [[arn('prod/karakeep')]],
    );
  });

  it('are made for any reading list', async () => {
    const template = await templateFor(
      '--param=readingList=wallabag',
      '--param=createSecrets=true',
      '--stage=prod',
    );
    const names = ofType(template, 'AWS::SecretsManager::Secret').map(({ Properties }) => Properties.Name);
    assert.deepEqual(
      [names, namesGiven(template)],
      [['prod/wallabag'], { WALLABAG_SECRET: 'prod/wallabag' }],
    );
  });

  describe('is not made', () => {
    const misspelt: [param: string, intended: RegExp][] = [
      ['wordPerMinute=300', /Parameter "wordPerMinute": is not known; did you mean wordsPerMinute\?/],
      ['alarmEmail=me@example.com', /Parameter "alarmEmail": is not known; did you mean alarmMail\?/],
    ];
    for (const [param, message] of misspelt)
      it(`with the parameter ${param.split('=')[0]}, which would set nothing`, () =>
        assert.rejects(templateFor(`--param=${param}`), ({ stdout }) => message.test(stdout)));
  });

  it('give the function the parameters that the environment does not set', async () => {
    const template = await templateFor('--param=logLevel=DEBUG', '--param=secretsFrom=env');
    const [tagger] = ofType(template, 'AWS::Lambda::Function');
    assert.partialDeepStrictEqual(tagger?.Properties.Environment.Variables, {
      READING_LIST: 'pocket',
      LOG_LEVEL: 'DEBUG',
      SECRETS_FROM: 'env',
    });
  });

  it('are not of another region, which the function would not find', async () => {
    const other = FULL.replace('eu-central-1', 'us-east-1');
    await assert.rejects(templateFor(`--param=pocketKeySecret=${other}`), ({ stdout }) =>
      /is in us-east-1, the stage in eu-central-1/.test(stdout),
    );
  });

  const unsafe = [
    FULL.replace('prod/', '*'),
    FULL.replace('111122223333', '*'),
    FULL.replace('eu-central-1', '*'),
  ];
  for (const name of [...unsafe, 'arn:aws:s3:::bucket', '*', 'prod/*', 'POCKET_???', 'a b', '#key', 'key#']) {
    it(`is not made where a secret is named "${name}", which would widen what the role may read`, async () => {
      const describeSecrets = createRequire(import.meta.url)('../../infra/secrets.cjs');
      const resolveVariable = async (address: string) =>
        address.startsWith('param:pocketKey') ? name : address === 'param:readingList' ? 'pocket' : '';
      await assert.rejects(describeSecrets({ resolveVariable }), {
        message: /^pocketKeySecret: is not a secret's name/,
      });
    });
  }

  const token = 'ak2_3f9c0e7b21d84a6f95c0_d7e41b8f60a2c9537e18b4d6f0a3c952';
  const misplaced: [where: string, args: string[], told: RegExp][] = [
    ['a secret’s name', [`--param=pocketKeySecret=${token}`], /pocketKeySecret: looks like a secret itself/],
    ['the service', [`--param=readingList=${token}`], /readingList: is no service/],
    ['a parameter', [`--param=${token}`], /A parameter is not known, and not shown/],
  ];
  for (const [where, args, told] of misplaced)
    it(`are not shown where a token stands in the place of ${where}`, () =>
      assert.rejects(templateFor(...args), ({ stdout, stderr }: { stdout: string; stderr: string }) => {
        assert.match(stdout, told);
        assert.doesNotMatch(stdout + stderr, /3f9c0e7b/);
        return true;
      }));
});

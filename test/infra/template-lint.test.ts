import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { pythonProgram } from '../helpers/python-program.ts';
import { templateIn, withPackage } from '../helpers/template.ts';

const CFN_LINT_VERSION = '1.58.0';

const WITH_ALL = [
  '--stage=prod',
  '--param=createSecrets=true',
  '--param=alarmMail=me@example.com',
  '--param=alarmKey=true',
  '--param=dashboard=true',
  '--param=tracing=true',
  '--param=watchSecrets=true',
  '--param=operatorRole=Admin',
  '--param=accounts=true',
  '--param=accountsAllowHosts=karakeep.home.arpa:3000',
];

describe('cfn-lint', function () {
  this.timeout(120_000);
  let cfnLint: string;
  before(() => {
    cfnLint = pythonProgram('cfn-lint', CFN_LINT_VERSION);
  });

  const rows: [why: string, args: string[]][] = [
    ['as it stands', []],
    ['of a stage with all it may have', WITH_ALL],
    ['of a stage that is only run by hand', ['--param=schedules=DISABLED']],
    ['of a stage that serves accounts alone', ['--param=schedules=DISABLED', '--param=accounts=true']],
    ['in another part of the world', ['--region=us-west-2', '--param=recentRate=rate(2 days)']],
  ];
  for (const [why, args] of rows) {
    it(`finds nothing in the template ${why}`, () =>
      withPackage(args, async (folder) => {
        execFileSync(cfnLint, ['-t', templateIn(folder)], { stdio: ['ignore', 'inherit', 'inherit'] });
      }));
  }
});

describe('checkov', function () {
  this.timeout(900_000);

  const accepted: [finding: string, why: string][] = [
    [
      'CKV_AWS_18 ServerlessDeploymentBucket',
      'it holds zips of public code; a log of its reads would cost more',
    ],
    ['CKV_AWS_21 ServerlessDeploymentBucket', 'the framework names each zip by its time, and keeps five'],
    ['CKV_AWS_158 TaggerLogGroup', 'encrypted by AWS; the log holds neither titles, addresses nor secrets'],
    [
      'CKV_AWS_116 TaggerLambdaFunction',
      'it has a destination for failures, which says more than a queue alone',
    ],
    [
      'CKV_AWS_117 TaggerLambdaFunction',
      'it calls a public API; a VPC would need a NAT gateway, 30 USD a month',
    ],
    [
      'CKV_AWS_115 TaggerLambdaFunction',
      'a new account can reserve nothing: reservedConcurrency is a parameter',
    ],
    ['CKV_AWS_173 TaggerLambdaFunction', 'encrypted by AWS; they are settings, and names of secrets'],
    [
      'CKV_AWS_149 PocketKeySecret',
      'encrypted by AWS; a key of its own is 1 USD a month, and the same account',
    ],
    ['CKV_AWS_149 PocketTokenSecret', 'as PocketKeySecret'],
    ['CKV_AWS_27 FailedEvents', 'SqsManagedSseEnabled encrypts it; checkov looks for a KMS key'],
  ];
  it('finds what is accepted, each for a reason, and nothing else', () =>
    withPackage(WITH_ALL, async (folder) => {
      assert.deepEqual(
        findingsIn(templateIn(folder)).toSorted(),
        accepted.map(([finding]) => finding).toSorted(),
      );
    }));
});

/** What checkov finds in a template, as `CHECK RESOURCE`. It stays offline: a proxy that is none stands for the rest. */
function findingsIn(template: string): string[] {
  const offline = { HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9' };
  const { stdout } = spawnSync(
    pythonProgram('checkov', '3.3.30'),
    [
      '--framework=cloudformation',
      '--output=json',
      '--compact',
      '--quiet',
      '--skip-download',
      '-f',
      template,
    ],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: process.env.HOME, ...offline } },
  );
  const { results, summary } = JSON.parse(stdout);
  assert.ok(summary.passed > 0 && summary.parsing_errors === 0, stdout);
  return results.failed_checks.map(
    ({ check_id, resource }: { check_id: string; resource: string }) =>
      `${check_id} ${resource.split('.').at(-1)}`,
  );
}

import { execFileSync } from 'node:child_process';
import { templateIn, withPackage } from '../helpers/template.ts';

describe('cfn-lint', function () {
  this.timeout(120_000);
  before(installWhereMissing);

  const rows: [why: string, args: string[]][] = [
    ['as it stands', []],
    [
      'of a stage with all it may have',
      [
        '--stage=prod',
        '--param=createSecrets=true',
        '--param=alarmMail=me@example.com',
        '--param=alarmKey=true',
        '--param=dashboard=true',
        '--param=tracing=true',
      ],
    ],
    ['of a stage that is only run by hand', ['--param=schedules=DISABLED']],
    ['in another part of the world', ['--region=us-west-2', '--param=recentRate=rate(2 days)']],
  ];
  for (const [why, args] of rows) {
    it(`finds nothing in the template ${why}`, () =>
      withPackage(args, async (folder) => {
        execFileSync('cfn-lint', ['-t', templateIn(folder)], { stdio: ['ignore', 'inherit', 'inherit'] });
      }));
  }
});

function installWhereMissing(): void {
  try {
    execFileSync('cfn-lint', ['--version'], { stdio: 'ignore' });
  } catch {
    execFileSync('pip', ['install', '--quiet', 'cfn-lint>=1,<2'], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

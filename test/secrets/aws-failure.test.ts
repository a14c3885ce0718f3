import assert from 'node:assert/strict';
import type { FailureKind } from '../../lib/failure.ts';
import { type FailedCall, failureOfAws } from '../../lib/secrets/aws-failure.ts';

const call: FailedCall = {
  name: 'A',
  region: async () => 'eu-central-1',
  deletionDate: async () => undefined,
};
const withoutRegion: FailedCall = { ...call, region: () => Promise.reject(new Error('no region')) };

describe('failureOfAws', () => {
  const kinds: [kind: FailureKind, codes: string[]][] = [
    [
      'credentials',
      ['AccessDenied', 'AccessDeniedException', 'DecryptionFailure', 'DecryptionFailureException'],
    ],
    ['settings', ['ExpiredToken', 'ExpiredTokenException', 'NotAuthorized', 'ValidationException']],
    ['settings', ['MissingAuthenticationToken', 'MissingAuthenticationTokenException']],
    ['settings', ['CredentialsProviderError', 'TokenProviderError', 'InvalidParameterException']],
    ['unavailable', ['Throttling', 'ThrottlingException', 'ThrottledException', 'RequestLimitExceeded']],
    ['unavailable', ['TimeoutError', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']],
  ];
  for (const [kind, codes] of kinds) {
    for (const code of codes) {
      it(`maps ${code} to ${kind}, but no longer name that contains it`, async () => {
        const kindOf = async (name: string) => (await failureOfAws({ name }, call)).kind;
        assert.equal(await kindOf(code), kind);
        assert.equal(await kindOf(`New${code}`), 'unexpected-response');
        assert.equal(await kindOf(`${code}9`), code.startsWith('ECONN') ? kind : 'unexpected-response');
      });
    }
  }

  const rows: [why: string, error: unknown, message: string | RegExp, changed?: Partial<FailedCall>][] = [
    [
      'an invalid request for another reason',
      { name: 'InvalidRequestException', message: 'x' },
      /answered InvalidRequestException/,
    ],
    [
      'another error whose message mentions deletion',
      { name: 'NewException', message: 'deleted' },
      /answered NewException/,
    ],
    ['a name that is not a word', { name: 'S3CRET is no word' }, /answered an unknown error;/],
    ['a name that is too long', { name: 'x'.repeat(61) }, /answered an unknown error;/],
    ['a name that is not a string', { name: 42 }, /answered an unknown error;/],
    ['nothing at all', undefined, /answered an unknown error;/],
    [
      'access denied to a secret named by its ARN',
      { name: 'AccessDenied' },
      /"Resource":"arn:aws:secretsmanager:eu-west-1:1:secret:A-abcdef"}/,
      { name: 'arn:aws:secretsmanager:eu-west-1:1:secret:A-abcdef' },
    ],
    [
      'access denied, with no region known',
      { name: 'AccessDenied' },
      /^Secret "A": access denied in REGION; .*"Resource":"arn:aws:secretsmanager:REGION:ACCOUNT:secret:A-\?{6}"/,
      withoutRegion,
    ],
    [
      'a secret that is being deleted, with no region known',
      { name: 'InvalidRequestException', message: 'marked for deletion' },
      'Secret "A": scheduled for deletion; it can be restored with: aws secretsmanager restore-secret --secret-id A',
      withoutRegion,
    ],
    ['no region', { name: 'Error', message: 'Region is missing' }, /no AWS region is set/],
  ];
  for (const [why, error, message, changed] of rows) {
    it(`has a sentence for ${why}`, async () => {
      const { message: actual } = await failureOfAws(error, { ...call, ...changed });
      if (typeof message === 'string') assert.equal(actual, message);
      else assert.match(actual, message);
      assert.doesNotMatch(actual, /S3CRET/);
    });
  }
});

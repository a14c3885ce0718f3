import assert from 'node:assert/strict';
import type { FailureKind } from '../../lib/failure.ts';
import { type FailedCall, failureOfAws } from '../../lib/secrets/aws-failure.ts';

const call: FailedCall = {
  name: 'A',
  region: async () => 'eu-central-1',
  deletionDate: async () => undefined,
};
const ARN = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:A';
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
      'access denied to a secret named by its ARN, which may be of another account',
      { name: 'AccessDenied' },
      /"Resource":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:A-abcd12"}; in another account, .* resource policy/,
      { name: `${ARN}-abcd12` },
    ],
    [
      'access denied to one named without its last six characters',
      { name: 'AccessDenied' },
      /secret:A-\?{6}"}; in another account/,
      { name: ARN },
    ],
    [
      'an ARN of which there is no secret, as no secret can be created by ARN',
      { name: 'ResourceNotFoundException' },
      `Secret "${ARN}": not found; is its ARN right?`,
      { name: ARN },
    ],
    [
      'an ARN of another region',
      { name: 'ResourceNotFoundException' },
      /: not found; it would be in eu-central-1, but AWS_REGION is us-east-1; replicate it/,
      { name: ARN, region: async () => 'us-east-1' },
    ],
    [
      'a clock that is late',
      {
        name: 'InvalidSignatureException',
        message: 'Signature expired: 20200101T000000Z is now earlier than S3CRET',
      },
      /: AWS refused the time of this request; the clock of this machine says \d{4}-\d\d-\d\d \d\d:\d\d UTC: set it right$/,
    ],
    [
      'a clock that is early',
      {
        name: 'SignatureDoesNotMatch',
        message: 'Signature not yet current: 20990101T000000Z is still later than',
      },
      /AWS refused the time/,
    ],
    [
      'a code that begins like that of a wrong clock',
      { name: 'RequestExpiredToken' },
      /answered RequestExpiredToken/,
    ],
    ['a code that ends like it', { name: 'NotRequestExpired' }, /answered NotRequestExpired/],
    ['a clock that is wrong by its own code', { name: 'RequestTimeTooSkewed' }, /AWS refused the time/],
    [
      'a signature that is wrong for another reason',
      { name: 'InvalidSignatureException', message: 'The request signature we calculated does not match' },
      /AWS did not accept the AWS credentials/,
    ],
    [
      'another error whose message speaks of an expired signature',
      { name: 'NewException', message: 'Signature expired' },
      /answered NewException/,
    ],
    [
      'a certificate that is not valid yet',
      { name: 'Error', code: 'CERT_NOT_YET_VALID' },
      /eu-central-1 cannot be reached; the certificate is not valid yet; the clock of this machine says/,
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

const secretsOf = require('./secrets.cjs');

/**
 * `pattern` of the events in which CloudTrail says that a secret of the stage was read, by anybody but the function and
 * `operatorRole`.
 */
module.exports = async ({ resolveVariable }) => {
  const operator = operatorArn(String((await resolveVariable(`param:operatorRole, ''`)) ?? ''));
  const known = [{ 'anything-but': [{ 'Fn::GetAtt': ['TaggerRole', 'Arn'] }, ...operator] }];
  const { statements } = await secretsOf({ resolveVariable });
  const absent = [{ exists: false }];
  return {
    pattern: {
      source: ['aws.secretsmanager'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['secretsmanager.amazonaws.com'],
        // Also one of each secret that BatchGetSecretValue reads.
        eventName: ['GetSecretValue'],
        requestParameters: { secretId: statements.flatMap(({ Resource }) => Resource).flatMap(idsOf) },
        $or: [
          // A session of a role; of this account or another.
          { userIdentity: { sessionContext: { sessionIssuer: { arn: known } } } },
          // A user, or root.
          { userIdentity: { sessionContext: { sessionIssuer: { arn: absent } }, arn: known } },
          // An identity of another account, of which CloudTrail says only the account.
          { userIdentity: { sessionContext: { sessionIssuer: { arn: absent } }, arn: absent } },
        ],
      },
    },
  };
};

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

/** None, or the one. */
function operatorArn(name) {
  if (name === '') return [];
  if (PRINCIPAL_ARN.test(name)) return [name];
  if (ROLE_NAME.test(name))
    return [{ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}` }];
  throw new Error(
    `operatorRole "${name}": is neither the name of a role nor an ARN such as arn:aws:iam::111122223333:role/NAME`,
  );
}

/** The ways to name a secret in a call: by its name, its ARN, or its ARN without the last six characters. */
function idsOf(granted) {
  const arn = granted['Fn::Sub'] ?? granted;
  const as = (text) => (granted['Fn::Sub'] ? { 'Fn::Sub': text } : text);
  const name = arn.split(':secret:')[1];
  if (!arn.endsWith('-??????')) return [name.slice(0, -7), arn, arn.slice(0, -7)];
  const partial = arn.slice(0, -'-??????'.length);
  return [name.slice(0, -'-??????'.length), as(partial), { prefix: as(`${partial}-`) }];
}

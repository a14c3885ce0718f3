/**
 * What serverless.yml says about secrets, from the names that a stage gives them:
 * - `names` for the function, with `#key` where one key of a JSON secret is meant;
 * - `statements` that allow the function to read exactly these;
 * - `resources` that create them, where a stage asks for it with `createSecrets: true`.
 */
module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const createSecrets = String(await resolveVariable('param:createSecrets')) === 'true';
  const nameOf = async (param, byHand, created) =>
    (await resolveVariable(`param:${param}, ''`)) || (createSecrets ? `${stage}/${created}` : byHand);
  const names = {
    POCKET_KEY_SECRET: await nameOf('pocketKeySecret', 'POCKET_KEY', 'pocket/key'),
    POCKET_TOKEN_SECRET: await nameOf('pocketTokenSecret', 'POCKET_TOKEN', 'pocket/token'),
  };
  // Two keys may be of one secret.
  const secrets = [...new Set(Object.values(names).map(secretOf))];
  const created = Object.entries(names).map(([variable, name]) => [logicalId(variable), secretOf(name)]);
  const firstOfEach = created.filter(([, name], at) => created.findIndex((one) => one[1] === name) === at);
  return {
    names,
    statements: [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: secrets.map(arnOf),
      },
    ],
    resources: createSecrets ? Object.fromEntries(firstOfEach.map(([id, name]) => [id, resource(name)])) : {},
  };
};

/** The secret of `name#key`. Anything else than the characters of a name would widen what the role may read. */
function secretOf(name) {
  const [, secret] = /^([\w/+=.@-]+)(#.+)?$/.exec(name) ?? [];
  if (secret) return secret;
  throw new Error(
    `"${name}" is not a secret's name (letters, digits and /_+=.@-, then #KEY for a key of it)`,
  );
}

/** POCKET_KEY_SECRET -> PocketKeySecret */
function logicalId(variable) {
  return variable.replace(/([A-Z])([A-Z]*)_?/g, (_, first, rest) => first + rest.toLowerCase());
}

/** Secrets Manager ends every ARN in a hyphen and six characters of its own. */
function arnOf(name) {
  return {
    'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
  };
}

/**
 * A secret that outlives its stack and holds a placeholder until somebody sets it. CloudFormation makes a new
 * value whenever `GenerateSecretString` changes, over the one that was set: so never change it.
 */
function resource(name) {
  return {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Name: name,
      Description: 'Read by readtime-tagger',
      GenerateSecretString: {
        SecretStringTemplate: '{"readtime-tagger":"placeholder"}',
        GenerateStringKey: 'generated',
      },
    },
  };
}

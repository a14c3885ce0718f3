/**
 * The secrets of the reading list that a stage has:
 * - `names`, by the variables that tell the function, with `#key` where one key of a JSON secret is meant: the
 *   parameter called like the variable (`karakeepTokenSecret` for KARAKEEP_TOKEN_SECRET), else the default name;
 * - `statements` that allow the function to read exactly these secrets;
 * - `resources` that create them, where a stage has `createSecrets: true`; of `existingSecrets`, which `npm run deploy`
 *   finds and gives, none: CloudFormation would refuse their names.
 */
module.exports = async ({ resolveVariable }) => {
  const { serviceNamed } = await import('../lib/reading-lists/services.ts');
  const { secretVariable } = await import('../lib/reading-lists/service-settings.ts');
  const { DESCRIPTION, parseArn, secretNameProblem, splitKey } = await import('../lib/secrets/get-secret.ts');
  const { mayBeSecret, parameterOf } = await import('../lib/setting-names.ts');
  const readingList = await resolveVariable('param:readingList');
  const service = serviceNamed(readingList);
  const shown = mayBeSecret(String(readingList)) ? '' : ` "${readingList}"`;
  if (!service) throw new Error(`readingList${shown}: is no service; see docs/reading-lists.md`);
  const createSecrets = String(await resolveVariable('param:createSecrets')) === 'true';
  const stage = await resolveVariable('sls:stage');
  const nameOf = async (variable) => {
    const defaultName = variable.replace(/_SECRET$/, '');
    const created = `${stage}/${defaultName.toLowerCase().replaceAll('_', '/')}`;
    const given = await resolveVariable(`param:${parameterOf(variable)}, ''`);
    const problem = given && secretNameProblem(String(given));
    if (problem) throw new Error(`${parameterOf(variable)}: ${problem}`);
    return given || (createSecrets ? created : defaultName);
  };
  const variables = [...new Set(Object.values(service.secrets).map(secretVariable))];
  const names = Object.fromEntries(
    await Promise.all(variables.map(async (variable) => [variable, await nameOf(variable)])),
  );
  // Two variables may name two keys of one secret; the first of them gives the resource its id.
  const idOf = new Map();
  const secretOf = (name) => splitKey(name).name;
  for (const [variable, name] of Object.entries(names))
    if (!idOf.has(secretOf(name))) idOf.set(secretOf(name), logicalId(variable));
  const region = await resolveVariable('self:provider.region');
  for (const name of idOf.keys()) checkRegion(name, parseArn(name), region);
  const existing = String((await resolveVariable(`param:existingSecrets, ''`)) ?? '').split(/\s*,\s*/);
  // A secret that is named by its ARN exists.
  const resources = [...idOf]
    .filter(([name]) => !parseArn(name) && !existing.includes(name))
    .map(([name, id]) => [id, resource(name, DESCRIPTION)]);
  return {
    names,
    statements: [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: [...idOf.keys()].map((name) => parseArn(name)?.granted ?? arnOf(name)),
      },
    ],
    resources: createSecrets ? Object.fromEntries(resources) : {},
  };
};

/** The function asks Secrets Manager in its own region, which knows no secret of another one. */
function checkRegion(name, arn, region) {
  if (!arn || arn.region === region) return;
  throw new Error(
    `"${name}": is in ${arn.region}, the stage in ${region}; replicate the secret to ${region}, and name the replica`,
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
 * A secret that outlives its stack, unless the deployment that would create it fails, and holds a placeholder until it
 * is set. CloudFormation makes a new value whenever `GenerateSecretString` changes, over the one that was set: so never
 * change it.
 */
function resource(name, description) {
  return {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Name: name,
      Description: description,
      GenerateSecretString: {
        SecretStringTemplate: '{"readtime-tagger":"placeholder"}',
        GenerateStringKey: 'generated',
      },
    },
  };
}

/** Settings of the tagger that a stage may set, whatever its reading list. The README says what they mean. */
const SETTINGS = [
  'BANDS',
  'RETIRED_TAGS',
  'VIDEO_TAG',
  'WORDS_PER_MINUTE',
  'CJK_CHARACTERS_PER_MINUTE',
  'TIME_LEFT',
  'FETCH_PAGES',
  'PAGES_RECENT_DAYS',
  'MAX_CHANGES',
];

/**
 * What serverless.yml says about the reading list of a stage and its secrets:
 * - `environment` of the function: the settings of the tagger and of the service that `readingList` names,
 *   and the names of its secrets, with `#key` where one key of a JSON secret is meant. A stage sets each by the parameter called like
 *   the variable: `karakeepUrl` for KARAKEEP_URL, `karakeepTokenSecret` for KARAKEEP_TOKEN_SECRET;
 * - `statements` that allow the function to read exactly these secrets;
 * - `resources` that create them, where a stage asks for it with `createSecrets: true`.
 */
module.exports = async ({ resolveVariable }) => {
  const { serviceNamed } = await import('./lib/reading-lists/services.ts');
  const { secretVariable } = await import('./lib/reading-lists/service.ts');
  const stage = await resolveVariable('sls:stage');
  const readingList = await resolveVariable('param:readingList');
  const service = serviceNamed(readingList);
  if (!service) throw new Error(`readingList "${readingList}": is no service; see docs/reading-lists.md`);
  const createSecrets = String(await resolveVariable('param:createSecrets')) === 'true';
  const nameOf = async (variable) => {
    const byHand = variable.replace(/_SECRET$/, '');
    const created = `${stage}/${byHand.toLowerCase().replaceAll('_', '/')}`;
    return (await resolveVariable(`param:${paramOf(variable)}, ''`)) || (createSecrets ? created : byHand);
  };
  const settingOf = (variable) => resolveVariable(`param:${paramOf(variable)}, env:${variable}, ''`);
  const secretVariables = [...new Set(Object.values(service.secrets).map(secretVariable))];
  const settingVariables = [...SETTINGS, ...Object.values(service.settings).map(({ variable }) => variable)];
  const names = await valuesOf(secretVariables, nameOf);
  const settings = await valuesOf(settingVariables, settingOf);
  // Two keys may be of one secret.
  const secrets = [...new Set(Object.values(names).map(secretOf))];
  const created = Object.entries(names).map(([variable, name]) => [logicalId(variable), secretOf(name)]);
  const firstOfEach = created.filter(([, name], at) => created.findIndex((one) => one[1] === name) === at);
  return {
    environment: { ...settings, ...names },
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

/** What is found for each variable, without those for which nothing is. */
async function valuesOf(variables, find) {
  const found = await Promise.all(variables.map(async (variable) => [variable, await find(variable)]));
  return Object.fromEntries(found.filter(([, value]) => value));
}

/** POCKET_API_URL -> pocketApiUrl */
function paramOf(variable) {
  return variable.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
}

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

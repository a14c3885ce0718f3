const readEnvironment = require('./environment.cjs');
const secretsOf = require('./secrets.cjs');

/** Parameters of the stack itself, which are no settings of the function. Their defaults are in serverless.yml. */
const STACK_PARAMETERS = [
  'createSecrets',
  'existingSecrets',
  'recentRate',
  'fullSchedule',
  'timeZone',
  'schedules',
  'alarmMail',
  'alarmKey',
  'watchSecrets',
  'operatorRole',
  'dashboard',
  'logRetentionDays',
  'memoryMb',
  'reservedConcurrency',
  'tracing',
  'accounts',
  'accountsAllowHosts',
  'accountMinutes',
  'accountCalls',
];

/**
 * - `environment` of the function: every setting of lib/settings.ts and of the service that `readingList` names, and
 *   the names of its secrets. Rejects where a parameter or a variable is misspelt, because it would set nothing.
 * - `applicationLogLevel`, below which Lambda drops lines. INFO at most: it takes the metrics, which have no level,
 *   for INFO. What is above, the log itself leaves out (lib/telemetry/lambda-telemetry.ts).
 */
module.exports = async ({ options, resolveConfigurationProperty, resolveVariable }) => {
  const { CHECKED_PARAMETERS, parameterProblems } = await import('../lib/deploy/parameters.ts');
  const { regionProblems } = await import('../lib/deploy/regions.ts');
  const { serviceNamed } = await import('../lib/reading-lists/services.ts');
  const { readSettings, SETTINGS, stageVariables } = await import('../lib/settings.ts');
  const { mayBeSecret, misspeltVariables, nearestName, parameterOf } = await import(
    '../lib/setting-names.ts'
  );
  const environment = await readEnvironment();
  const known = [...STACK_PARAMETERS, ...stageVariables().map(parameterOf)];
  const unknown = parametersOf(options, await resolveConfigurationProperty(['params'])).filter(
    (name) => !known.includes(name),
  );
  // Thrown before any parameter is resolved: serverless would say what it cannot read.
  if (unknown.some(mayBeSecret))
    throw new Error(
      'A parameter is not known, and not shown, since it may be a secret; write --param="name=value".',
    );
  const checked = await Promise.all(
    CHECKED_PARAMETERS.filter((name) => STACK_PARAMETERS.includes(name)).map(async (name) => [
      name,
      String((await resolveVariable(`param:${name}, ''`)) ?? ''),
    ]),
  );
  const problems = [
    ...unknown.map((name) => `Parameter "${name}": is not known; did you mean ${nearestName(name, known)}?`),
    ...misspeltVariables(environment, stageVariables()),
    ...parameterProblems(Object.fromEntries(checked)),
    ...regionProblems(await resolveVariable('self:provider.region')),
  ];
  const service = serviceNamed(await resolveVariable('param:readingList'));
  const names = await secretsOf({ resolveVariable }).then(
    ({ names }) => names,
    ({ message }) => {
      problems.push(message);
      return {};
    },
  );
  const variables = [
    ...Object.keys(SETTINGS),
    ...Object.values(service?.settings ?? {}).map(({ variable }) => variable),
  ];
  const resolveSetting = (variable) => {
    const fromEnvironment = SETTINGS[variable]?.isParameterOnly ? '' : `env:${variable}, `;
    return resolveVariable(`param:${parameterOf(variable)}, ${fromEnvironment}''`);
  };
  const settings = await Promise.all(
    variables.map(async (variable) => [variable, await resolveSetting(variable)]),
  );
  // A parameter may be a number or a boolean of YAML.
  const given = settings
    .filter(([, value]) => String(value ?? '') !== '')
    .map(([name, value]) => [name, String(value)]);
  const ofFunction = { ...Object.fromEntries(given), ...names, ...(await accountsOf(resolveVariable)) };
  if (problems.length > 0)
    throw new Error([...problems, ...(service ? problemsOf(readSettings, ofFunction) : [])].join('\n'));
  const isDebug = ofFunction.LOG_LEVEL?.trim().toUpperCase() === 'DEBUG';
  return { environment: ofFunction, applicationLogLevel: isDebug ? 'DEBUG' : 'INFO' };
};

/** What the function has to know of the accounts of a stage that has any. */
async function accountsOf(resolveVariable) {
  const text = async (address) => String((await resolveVariable(address)) ?? '');
  if ((await text('param:accounts')) !== 'true') return {};
  const allowHosts = await text(`param:accountsAllowHosts, ''`);
  return {
    ACCOUNTS: `${await text('sls:stage')}/accounts`, // what the names of their secrets begin with
    ACCOUNTS_GROUP: `${await text('self:custom.name')}-accounts`,
    ...(allowHosts && { ACCOUNTS_ALLOW_HOSTS: allowHosts }),
    ACCOUNT_MINUTES: await text('param:accountMinutes'),
    ACCOUNT_CALLS: await text('param:accountCalls'),
  };
}

/**
 * What is wrong with the settings, to be said with what is wrong already. Alone it is no reason not to package: the
 * address of the reading list may be missing then. `npm run deploy` checks it.
 */
function problemsOf(readSettings, settings) {
  try {
    readSettings(settings);
    return [];
  } catch ({ message }) {
    return [message];
  }
}

/** Names of the parameters of all stages and of the command line, each once. */
function parametersOf({ param }, params) {
  const given = [param ?? []].flat().map((text) => text.split('=')[0]);
  return [
    ...new Set([...Object.values(params ?? {}).flatMap((stage) => Object.keys(stage ?? {})), ...given]),
  ];
}

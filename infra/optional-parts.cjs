/** Parts of the stack that a stage has or has not, as a parameter says: `{}` where it has not. */
module.exports = async ({ resolveVariable }) => {
  // Whether the value is one of the two is checked in lib/deploy/parameters.ts.
  const partWhere = async (parameter, having, file) =>
    String(await resolveVariable(`param:${parameter}`)) === having
      ? resolveVariable(`file(infra/${file})`)
      : {};
  const accounts = await partWhere('accounts', 'true', 'accounts.yml');
  const alarms = await partWhere('schedules', 'ENABLED', 'alarms.yml');
  return {
    accounts,
    // A stage that is only run by hand is looked at by hand; where it serves accounts alone, by what does not ask
    // whose list a run was of.
    alarms: accounts.Resources && !alarms.Resources ? await alarmsOfAnyRun(resolveVariable) : alarms,
    alarmKey: await partWhere('alarmKey', 'true', 'alarm-key.yml'),
    watchSecrets: await partWhere('watchSecrets', 'true', 'watch-secrets.yml'),
    dashboard: await partWhere('dashboard', 'true', 'dashboard.yml'),
  };
};

async function alarmsOfAnyRun(resolveVariable) {
  const { Resources } = await resolveVariable('file(infra/alarms.yml)');
  const { RunFailedAlarm, FailedEventsAlarm } = Resources;
  return { Resources: { RunFailedAlarm, FailedEventsAlarm } };
}

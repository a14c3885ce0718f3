/** Parts of the stack that a stage has or has not, as a parameter says: `{}` where it has not. */
module.exports = async ({ resolveVariable }) => {
  // Whether the value is one of the two is checked in lib/deploy/parameters.ts.
  const partWhere = async (parameter, having, file) =>
    String(await resolveVariable(`param:${parameter}`)) === having
      ? resolveVariable(`file(infra/${file})`)
      : {};
  return {
    // A stage that is only run by hand is looked at by hand.
    alarms: await partWhere('schedules', 'ENABLED', 'alarms.yml'),
    alarmKey: await partWhere('alarmKey', 'true', 'alarm-key.yml'),
    watchSecrets: await partWhere('watchSecrets', 'true', 'watch-secrets.yml'),
    dashboard: await partWhere('dashboard', 'true', 'dashboard.yml'),
  };
};

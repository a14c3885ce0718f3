/** Parts of the stack that a stage has or has not, as a parameter says: `{}` where it has not. */
module.exports = async ({ resolveVariable }) => {
  const partOf = async (parameter, [having, lacking], file) => {
    const given = String(await resolveVariable(`param:${parameter}`));
    if (given === having) return resolveVariable(`file(infra/${file})`);
    if (given === lacking) return {};
    throw new Error(`${parameter} "${given}": is neither ${having} nor ${lacking}`);
  };
  return {
    // A stage that is only run by hand is looked at by hand.
    alarms: await partOf('schedules', ['ENABLED', 'DISABLED'], 'alarms.yml'),
    alarmKey: await partOf('alarmKey', ['true', 'false'], 'alarm-key.yml'),
    watchSecrets: await partOf('watchSecrets', ['true', 'false'], 'watch-secrets.yml'),
    dashboard: await partOf('dashboard', ['true', 'false'], 'dashboard.yml'),
  };
};

/**
 * Values of serverless.yml that are computed from parameters of the stage:
 * - `periodS`, how long one period of the hourly schedule is in seconds, so that the alarms follow the schedule;
 * - `subscriptions` to the topic of the alarms: one, where the stage gives an address.
 */
module.exports = async ({ resolveVariable }) => ({
  periodS: periodOf(await resolveVariable('param:recentRate')),
  subscriptions: subscriptionsOf(await resolveVariable(`param:alarmMail, ''`)),
});

const SECONDS = { minute: 60, hour: 3600, day: 86_400 };
const MIN_S = 300;
/** CloudWatch evaluates seven days at most, and the alarms evaluate up to three periods. */
const MAX_S = 172_800;

/** Seconds between runs. Throws if the rate is not between 5 minutes and 2 days. */
function periodOf(rate) {
  const [, count, unit] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(rate) ?? [];
  const periodS = Number(count) * SECONDS[unit];
  if (periodS >= MIN_S && periodS <= MAX_S) return periodS;
  throw new Error(
    `recentRate "${rate}": is not a rate between 5 minutes and 2 days; give one such as "rate(1 hour)"`,
  );
}

function subscriptionsOf(address) {
  if (!address) return {};
  const Properties = { TopicArn: { Ref: 'Alarms' }, Protocol: 'email', Endpoint: address };
  return { AlarmsByMail: { Type: 'AWS::SNS::Subscription', Properties } };
}

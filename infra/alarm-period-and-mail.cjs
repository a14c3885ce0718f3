/**
 * Values of serverless.yml that are computed from parameters of the stage:
 * - `periodS`, in which at least one run of the recent schedule comes to its end, for the alarm `no-run`: seconds;
 * - `subscriptions` to the topic of the alarms: one, where the stage gives an address.
 */
module.exports = async ({ resolveVariable }) => ({
  periodS: periodOf(await resolveVariable('param:recentRate')),
  subscriptions: subscriptionsOf(await resolveVariable(`param:alarmMail, ''`)),
});

const SECONDS = { minute: 60, hour: 3600, day: 86_400 };
/** Between runs. A run takes up to 5 minutes. CloudWatch evaluates seven days at most, and `no-run` three periods. */
const MIN_S = 300;
const MAX_S = 172_800;
/** How late a run may begin, by the flexible window of the schedule, and how long it may take, by the timeout. */
const WINDOW_S = 300;
const LONGEST_RUN_S = 300;

/** Throws if the rate is not between 5 minutes and 2 days. */
function periodOf(rate) {
  const [, count, unit] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(rate) ?? [];
  const rateS = Number(count) * SECONDS[unit];
  if (rateS >= MIN_S && rateS <= MAX_S) return rateS + WINDOW_S + LONGEST_RUN_S;
  throw new Error(
    `recentRate "${rate}": is not a rate between 5 minutes and 2 days; give one such as "rate(1 hour)"`,
  );
}

function subscriptionsOf(address) {
  if (!address) return {};
  const Properties = { TopicArn: { Ref: 'Alarms' }, Protocol: 'email', Endpoint: address };
  return { AlarmsByMail: { Type: 'AWS::SNS::Subscription', Properties } };
}

/**
 * Values of serverless.yml that are computed from parameters of the stage:
 * - `periodS`, in which at least one run of the recent schedule comes to its end, for the alarm `no-run`: seconds;
 * - `accountWindowMinutes`, over which the recent runs of accounts are spread;
 * - `subscriptions` to the topic of the alarms: one, where the stage gives an address.
 */
module.exports = async ({ resolveVariable }) => {
  const { parameterProblems, recentRateMinutes } = await import('../lib/deploy/parameters.ts');
  const recentRate = await resolveVariable('param:recentRate');
  const [problem] = parameterProblems({ recentRate });
  if (problem) throw new Error(problem);
  const rateMinutes = recentRateMinutes(recentRate);
  return {
    periodS: rateMinutes * 60 + WINDOW_S + LONGEST_RUN_S,
    accountWindowMinutes: Math.min(rateMinutes, MAX_ACCOUNT_WINDOW_MINUTES),
    subscriptions: subscriptionsOf(await resolveVariable(`param:alarmMail, ''`)),
  };
};

/** How late a run may begin, by the flexible window of the schedule, and how long it may take, by the timeout. */
const WINDOW_S = 300;
const LONGEST_RUN_S = 300;

/**
 * So that many accounts do not all begin in the same minute. Scheduler takes up to 1440 with any expression, and says
 * nothing of one that is longer than the time between two runs, which here it never is:
 * docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html
 */
const MAX_ACCOUNT_WINDOW_MINUTES = 60;

function subscriptionsOf(address) {
  if (!address) return {};
  const Properties = { TopicArn: { Ref: 'Alarms' }, Protocol: 'email', Endpoint: address };
  return { AlarmsByMail: { Type: 'AWS::SNS::Subscription', Properties } };
}

/** The minute of the hour at which hourly runs start; half an hour from that of `fullSchedule`. */
const MINUTE = 10;

/**
 * `expression` of the recent schedule. A rate counts from when it was deployed, at a minute that nobody chose; so that
 * the full run meets no hourly one, whole hours that divide a day are a cron at a fixed minute. Others stay a rate.
 */
module.exports = async ({ resolveVariable }) => {
  const rate = await resolveVariable('param:recentRate');
  const hours = Number(/^rate\((\d+) hours?\)$/.exec(rate)?.[1]);
  if (!hours || hours >= 24 || 24 % hours > 0) return { expression: rate };
  return { expression: `cron(${MINUTE} ${hours === 1 ? '*' : `0/${hours}`} * * ? *)` };
};

/** What a stage with `tracing: true` needs besides: the right to send traces, which Lambda asks of the role at once. */
module.exports = async ({ resolveVariable }) => {
  const isTraced = String(await resolveVariable('param:tracing')) === 'true';
  return {
    managedPolicies: isTraced ? [{ Ref: 'TracingPolicy' }] : [],
    resources: isTraced ? { TracingPolicy: policy } : {},
  };
};

const policy = {
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          Resource: '*', // X-Ray knows no resources for these
        },
      ],
    },
  },
};

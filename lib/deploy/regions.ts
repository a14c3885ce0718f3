import { nearestName } from '../setting-names.ts';

/**
 * Regions that have both Lambda and EventBridge Scheduler; Lambda has each of its runtimes in all of its regions.
 * From `endpoints.json` of botocore 1.43.106 (November 2026): the endpoints of `lambda` that `scheduler` has, too.
 */
const REGIONS = [
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ...['ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4'],
  ...['ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'cn-north-1'],
  ...['cn-northwest-1', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eusc-de-east-1', 'il-central-1', 'me-central-1', 'me-south-1'],
  ...['mx-central-1', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1'],
  ...['us-west-1', 'us-west-2'],
];

/** A sentence where a region is not known to have what the stack needs; no request is sent to find out. */
export function regionProblems(region: string): string[] {
  if (REGIONS.includes(region)) return [];
  const nearest = nearestName(region, REGIONS);
  return [
    `Region "${region}": is not known to have Lambda and EventBridge Scheduler; did you mean ${nearest}? (a newer region goes into lib/deploy/regions.ts)`,
  ];
}

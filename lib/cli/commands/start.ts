import { type Service, secretVariable } from '../../reading-lists/service.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { readEvent } from '../../run/event.ts';
import { isListNamed, type ListSource, readEnvironment, withReadingList } from '../environment.ts';
import type { ExitStatus } from '../exit-status.ts';
import { tagList } from './tag.ts';

export type StartOptions = ListSource & {
  readonly dryRun?: boolean;
  readonly mode?: string;
  readonly limit?: string;
  /** Only list the services. */
  readonly list?: boolean;
};

/** `npm start`: tags the reading list that is named, else the sample; options are read as an event's fields are. */
export async function start({
  dryRun = false,
  mode,
  limit,
  list,
  ...source
}: StartOptions): Promise<ExitStatus> {
  if (list) {
    console.log(serviceList());
    return 0;
  }
  const request = readEvent({ dryRun, ...(mode && { mode }), ...(limit && { limit: Number(limit) }) });
  const sample = source.sample || source.fresh || !isListNamed(readEnvironment());
  return withReadingList({ ...source, sample }, { quiet: false }, (env) => tagList(env, request, {}));
}

/** The services that `READING_LIST` may name, and what each of them needs. */
function serviceList(): string {
  return Object.entries<Service>(SERVICES)
    .map(([name, service]) =>
      [`READING_LIST=${name}`, ...settingLines(service), ...secretLines(service)].join('\n'),
    )
    .join('\n\n');
}

function settingLines({ settings }: Service): string[] {
  return Object.values(settings).map(({ variable, meaning, byDefault }) => {
    const otherwise = byDefault === undefined ? 'required' : byDefault ? `default ${byDefault}` : 'optional';
    return `  ${variable}  ${meaning} (${otherwise})`;
  });
}

function secretLines({ secrets }: Service): string[] {
  return Object.values(secrets).map((name) => {
    const [secret, key] = name.split('#');
    const what = key === undefined ? `secret ${secret}` : `secret ${secret}, key ${key} of its JSON`;
    return `  ${what} (another name: ${secretVariable(name)})`;
  });
}

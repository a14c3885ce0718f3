import { type Command, Option } from 'commander';
import { type Service, secretVariable } from '../../reading-lists/service-settings.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { readEvent } from '../../run/event.ts';
import { isListNamed, readEnvironment, readListEnvironment, withReadingList } from '../environment.ts';
import { loadEnvFile } from '../files/env-file.ts';
import { listFile } from '../files/list-file.ts';
import { eachList } from '../lists.ts';
import { type ListSource, type Program, readCount, type TimeLimit, withTimeLimit } from '../options.ts';
import type { ExitStatus } from '../view/run-result.ts';
import { tagList, whereItMayWrite } from './tag.ts';

type StartOptions = ListSource &
  TimeLimit & {
    readonly dryRun?: boolean;
    readonly mode?: 'recent' | 'full' | 'untag';
    readonly limit?: number;
    /** Only list the services. */
    readonly list?: boolean;
  };

/** `readtime start`, which `npm start` runs */
export function configure(command: Command, { onExit }: Program): void {
  withTimeLimit(command)
    .description(
      'npm start: tags a sample reading list, or the one that READING_LIST and POCKET_API_URL name',
    )
    .option('--dry-run', 'list what would change, and write nothing')
    .addOption(
      new Option('--mode <mode>', 'the newest items (the default), every item, or untag').choices([
        'recent',
        'full',
        'untag',
      ]),
    )
    .option('--limit <N>', 'change at most N items', readCount)
    .option('--sample', 'the sample, even where a list is named')
    .option('--fresh', 'a new sample')
    .option('--list', 'the services that READING_LIST may name, and their settings')
    .action(async (options: StartOptions) =>
      options.list ? console.log(serviceList()) : onExit(await eachList(options, start)),
    );
}

/** `npm start`: tags the reading list that is named, else the sample; options are read as an event's fields are. */
async function start({ dryRun, mode, limit, ...source }: StartOptions): Promise<ExitStatus> {
  const request = readEvent({ dryRun, mode, limit });
  const isOfFile = listFile(source) !== undefined;
  const env = isOfFile ? readListEnvironment(source) : readEnvironment(source);
  const isNamed = isListNamed(env);
  const sample = source.sample || source.fresh || !isNamed;
  const file = isOfFile ? undefined : loadEnvFile();
  if (!isNamed && file && Object.keys(file.values).length > 0)
    console.log(`No reading list is named in ${file.path}, so the sample is tagged.`);
  return whereItMayWrite(request, source, () =>
    withReadingList(env, { ...source, sample }, (list) => tagList(list, request, { ...source, sample })),
  );
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

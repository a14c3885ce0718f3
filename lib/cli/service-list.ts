import { type Service, secretVariable } from '../reading-lists/service.ts';
import { SERVICES } from '../reading-lists/services.ts';

/** The services that `READING_LIST` may name, and what each of them asks for: for `npm start -- --list`. */
export function serviceList(): string {
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

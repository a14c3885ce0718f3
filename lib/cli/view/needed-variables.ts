import type { Service } from '../../reading-lists/service-settings.ts';
import { SERVICES } from '../../reading-lists/services.ts';
import { splitKey } from '../../secrets/get-secret.ts';

/** Each service with what has to be set for it, and what that looks like. */
export function neededVariables(): string {
  const lines = Object.entries<Service>(SERVICES).flatMap(([name, { settings, secrets }]) => {
    const required = Object.values(settings).filter(({ byDefault }) => byDefault === undefined);
    const keys = Map.groupBy(Object.values(secrets).map(splitKey), (secret) => secret.name);
    return [
      `READING_LIST=${name}`,
      ...required.map(({ variable, meaning }) => `  ${variable}: ${meaning}`),
      ...[...keys].map(([variable, parts]) => `  ${variable}: ${shapeOf(parts)}`),
    ];
  });
  return lines.join('\n');
}

function shapeOf(parts: readonly { readonly key?: string }[]): string {
  const fields = parts.flatMap(({ key }) => (key === undefined ? [] : [`"${key}": "..."`]));
  return fields.length === 0 ? 'the text as it is' : `JSON, {${fields.join(', ')}}`;
}

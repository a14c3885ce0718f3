import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package of which something is in a bundle. */
export type BundledPackage = {
  readonly name: string;
  readonly version: string;
  /** As its package.json says, such as `MIT`. */
  readonly licence: string;
  readonly author: string;
  /** Of the licence, with notices; empty where the package brings none. */
  readonly text: string;
  /** In the bundle. */
  readonly bytes: number;
};

const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)\b/i;
/** What the libraries have in their own files, of others. */
const WITHIN: Readonly<Record<string, string>> = {
  unpdf: 'contains pdf.js, Copyright Mozilla Foundation, under Apache-2.0',
};

/** The packages of which something is in a bundle, the largest first. */
export function bundledPackages({ outputs }: Metafile, project: string): BundledPackage[] {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = FOLDER.exec(path)?.[0];
      if (folder === undefined || bytesInOutput === 0) continue;
      bytes.set(folder, (bytes.get(folder) ?? 0) + bytesInOutput);
    }
  return [...bytes]
    .map(([folder, size]) => packageIn(resolve(project, folder), size))
    .toSorted((one, other) => other.bytes - one.bytes);
}

function packageIn(folder: string, bytes: number): BundledPackage {
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  const { name, version, license, author = '' } = JSON.parse(textOf('package.json'));
  const files = readdirSync(folder);
  const own = files.filter((file) => LICENCE_FILE.test(file)).map(textOf);
  const readmes = files.filter((file) => /^readme/i.test(file)).map((file) => licenceIn(textOf(file)));
  const text = own.join('\n\n') || readmes.join('');
  return { name, version, licence: license, author: author.name ?? author, text, bytes };
}

/** The text of a licence that ends a read-me, before the addresses of its links; empty where there is none. */
function licenceIn(readme: string): string {
  const section = readme.split(/^#* *licen[cs]e\n(?:-+\n)?/im)[1] ?? '';
  return section.includes('Permission is') ? section.replace(/^\[.*$/gm, '').trim() : '';
}

/** The licences of all that is in a bundle, each text once. Throws where no text is known. */
export function licencesText(packages: readonly BundledPackage[]): string {
  const names = new Map<string, Set<string>>();
  for (const one of packages.toSorted((one, other) => one.name.localeCompare(other.name))) {
    const text = one.text || standardText(one, packages);
    const within = WITHIN[one.name];
    const name = `${one.name} ${one.version} (${one.licence}${within ? `; ${within}` : ''})`;
    names.set(text, (names.get(text) ?? new Set()).add(name));
  }
  const parts = [...names].map(([text, of]) => `${[...of].join('\n')}\n\n${text}`);
  return ['readtime contains code of these packages.', ...parts]
    .join(`\n\n${'-'.repeat(80)}\n\n`)
    .concat('\n');
}

/** The same licence as another package has it, with this author. */
function standardText(
  { name, licence, author }: BundledPackage,
  packages: readonly BundledPackage[],
): string {
  const text = packages.find((other) => other.licence === licence && other.text !== '')?.text;
  if (text === undefined) throw new Error(`${name}: nothing says what its licence ${licence} is`);
  const withoutHolder = text.replace(/^(.*\n)*?copyright.*\n+/i, '');
  return withoutHolder === text || licence === 'Apache-2.0'
    ? text
    : `Copyright (c) ${author || `the authors of ${name}`}\n\n${withoutHolder}`;
}

/** npm run build: bundles the command into dist/, and prints how much of it is of which package. */
import { join } from 'node:path';
import { bundleCommand, PROJECT } from './bundle.ts';

const packages = await bundleCommand(join(PROJECT, 'dist'));
for (const { name, version, licence, bytes } of packages)
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name} ${version}, ${licence}`);
console.log('dist/readtime.cjs starts the command.');

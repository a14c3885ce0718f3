/**
 * Mocha 12 gave the files that Stryker's runner requires the ending `.cjs`, which `require` does not try by itself
 * (stryker-js #6205). Loaded before the runner, in Stryker and in each process that runs tests.
 */
import { createRequire } from 'node:module';

const { extensions } = createRequire(import.meta.url);
extensions['.cjs'] = extensions['.js'];

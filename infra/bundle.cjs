/** Plugins of esbuild that make the zip small and quick to start. */
const { readFileSync } = require('node:fs');
const { dirname, parse, resolve } = require('node:path');
const esbuild = require('esbuild');
const { mapLinesOnly, mapOwnCodeOnly, ownFormData } = require('../scripts/build/plugins.ts');

const IN_MODULES = /[\\/]node_modules[\\/]/;

/** The file of a process or a thread. */
const FILE_URL = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;

/** Imported with `import()`, and in the file of who imports it all the same: what calls AWS's scheduler. */
const IN_HANDLER = /[\\/](continuation[\\/]scheduler|accounts[\\/]recent-schedule)\.ts$/;

/**
 * Builds each file that is imported with `import()`, or named by `new URL()`, as a separate file beside the handler, so
 * that Node does not load it at start. Modules that both need are in both, so they must not share state or classes.
 * The client of AWS's scheduler stays in the handler's file, where it takes 11 kB of the zip and apart would take 132:
 * nearly all of it is shared with the client for secrets. It is not run before it is needed.
 */
const splitDynamicImports = {
  name: 'split-dynamic-imports',
  setup({ initialOptions, onLoad, onResolve, onEnd }) {
    const entryPoints = new Set();
    const builtName = (path) => `./${parse(path).name}${initialOptions.outExtension['.js']}`;
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(FILE_URL, (_, named) => {
        entryPoints.add(resolve(dirname(path), named));
        return `new URL('${builtName(named)}', require('node:url').pathToFileURL(__filename))`;
      }),
      loader: 'ts',
    }));
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || IN_MODULES.test(importer)) return undefined;
      const file = resolve(resolveDir, path);
      if (IN_HANDLER.test(file)) return undefined;
      entryPoints.add(file);
      return { path: builtName(path), external: true };
    });
    onEnd(async () => {
      for (const file of entryPoints) await esbuild.build({ ...initialOptions, entryPoints: [file] });
    });
  },
};

module.exports = [splitDynamicImports, mapOwnCodeOnly, mapLinesOnly, ownFormData];

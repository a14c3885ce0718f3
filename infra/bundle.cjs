/** Plugins of esbuild that make the zip small and quick to start. */
const { readFileSync, writeFileSync } = require('node:fs');
const { dirname, parse, resolve } = require('node:path');
const { decode, encode } = require('@jridgewell/sourcemap-codec');
const esbuild = require('esbuild');

const IN_MODULES = /[\\/]node_modules[\\/]/;

/** The file of a process or a thread. */
const FILE_URL = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;

/** Imported with `import()`, and in the handler's file all the same. */
const IN_HANDLER = /[\\/]continuation[\\/]scheduler\.ts$/;

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

const NO_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/**
 * Gives dependencies an empty source map, so that the map of the bundle has only the lines of this project: a quarter of
 * the size, and stack traces still show lines of our code.
 */
const mapOwnCodeOnly = {
  name: 'map-own-code-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`,
      loader: 'default',
    }));
  },
};

/**
 * Leaves in the maps where each line begins, and not each word, so that stack traces still name the right lines, by
 * half of the size.
 */
const mapLinesOnly = {
  name: 'map-lines-only',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {}).filter((name) => name.endsWith('.map'))) {
        const path = resolve(initialOptions.absWorkingDir ?? '.', file);
        const map = JSON.parse(readFileSync(path, 'utf8'));
        const lines = decode(map.mappings).map((segments) => segments.filter(beginsLine));
        writeFileSync(path, JSON.stringify({ ...map, mappings: encode(lines) }));
      }
    });
  },
};

/** Whether a segment is of another source or line than the one before it. */
const beginsLine = ([, source, line], at, segments) =>
  at === 0 || source !== segments[at - 1][1] || line !== segments[at - 1][2];

/**
 * Puts Node's own FormData in the place of the package that axios brings, whose table of MIME types is a third of the
 * bundled client. No service is sent a form.
 */
const ownFormData = {
  name: 'own-form-data',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^form-data$/ }, ({ path }) => ({ path, namespace: 'own-form-data' }));
    onLoad({ filter: /^/, namespace: 'own-form-data' }, () => ({ contents: 'module.exports = FormData' }));
  },
};

module.exports = [splitDynamicImports, mapOwnCodeOnly, mapLinesOnly, ownFormData];

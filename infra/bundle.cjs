/** Plugins of esbuild that make the zip small and quick to start. */
const { readFileSync } = require('node:fs');
const { parse, resolve } = require('node:path');
const esbuild = require('esbuild');

const IN_MODULES = /[\\/]node_modules[\\/]/;

/**
 * Builds each file that is imported with `import()` as a separate file beside the handler, so that Node does not load it at
 * start. Modules that both need are in both, so they must not share state or classes.
 */
const splitDynamicImports = {
  name: 'split-dynamic-imports',
  setup({ initialOptions, onResolve, onEnd }) {
    const entryPoints = new Set();
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || IN_MODULES.test(importer)) return undefined;
      entryPoints.add(resolve(resolveDir, path));
      return { path: `./${parse(path).name}${initialOptions.outExtension['.js']}`, external: true };
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

module.exports = [splitDynamicImports, mapOwnCodeOnly];

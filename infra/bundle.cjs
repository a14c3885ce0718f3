/** Plugins of esbuild's, for the zip to be small and quick to start. */
const { readFileSync } = require('node:fs');
const { parse, resolve } = require('node:path');
const esbuild = require('esbuild');

const IN_MODULES = /[\\/]node_modules[\\/]/;

/**
 * What our code imports with `import()` becomes a file of its own beside the handler, so that Node neither reads nor
 * compiles it at start. What both files need is in both: they may share no state and no class.
 */
const ownFiles = {
  name: 'own-files',
  setup({ initialOptions, onResolve, onEnd }) {
    const found = new Set();
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || IN_MODULES.test(importer)) return undefined;
      found.add(resolve(resolveDir, path));
      return { path: `./${parse(path).name}${initialOptions.outExtension['.js']}`, external: true };
    });
    onEnd(async () => {
      for (const file of found) await esbuild.build({ ...initialOptions, entryPoints: [file] });
    });
  },
};

const NO_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/**
 * Other people's files get an empty source map, so that the bundle's own has the lines of this project: a quarter of
 * the size, and a stack still tells where in our code an error came from.
 */
const mapOfOwnCode = {
  name: 'map-of-own-code',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`,
      loader: 'default',
    }));
  },
};

module.exports = [ownFiles, mapOfOwnCode];

/**
 * A plugin of esbuild's: other people's files get an empty source map, so that the bundle's map has the lines of this
 * project only. It is a fifth as large, and a stack still tells where in our code an error came from.
 */
const { readFileSync } = require('node:fs');

const NO_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64');

module.exports = [
  {
    name: 'map-own-code-only',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, ({ path }) => ({
        contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`,
        loader: 'default',
      }));
    },
  },
];

// What Node runs first in a single executable: it loads the command from the assets, as if dist/ lay below the executable.
'use strict';
const { createRequire, registerHooks } = require('node:module');
const { join, sep } = require('node:path');
const { getAsset } = require('node:sea');
const { pathToFileURL } = require('node:url');

const DIST = join(process.execPath, 'dist', sep);
const DIST_URL = pathToFileURL(DIST).href;

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('./')) return next(specifier, context);
    return { url: new URL(specifier, DIST_URL).href, shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(DIST_URL)) return next(url, context);
    const format = url.endsWith('.cjs') ? 'commonjs' : 'module';
    return { source: getAsset(url.slice(DIST_URL.length), 'utf8'), format, shortCircuit: true };
  },
});

// For hints that say what to type: as it was called now.
process.env.READTIME_CALLED_AS ??= process.argv0;
// It starts itself for this process, by the path that the file would have.
const isPdfProcess = process.argv[2] === join(DIST, 'pdf-process.js');
createRequire(DIST_URL)(isPdfProcess ? './pdf-process.js' : './readtime.cjs');

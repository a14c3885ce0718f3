#!/usr/bin/env node
// Syntax and modules that Node 10 has, until it is known that this one is new enough.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
// NODE_VERSIONS of bundle.ts.
if (major >= 24 || (major === 22 && minor >= 16)) start();
else {
  console.error(`readtime: Node.js ${process.version} is too old; install version 24 or newer`);
  process.exitCode = 1;
}

function start() {
  keepCompiledCode();
  hideWarningsForDevelopers();
  process.setSourceMapsEnabled(true); // lines of TypeScript in the stack of an error that nobody expected
  import('./main.js');
}

/** Without it each start takes longer. Nobody else may write to that folder. */
function keepCompiledCode() {
  const { isAbsolute, join } = require('node:path');
  const { HOME = '', NODE_COMPILE_CACHE, XDG_CACHE_HOME = '' } = process.env;
  const cache = [XDG_CACHE_HOME, join(HOME, '.cache')].find(isAbsolute);
  if (cache && !NODE_COMPILE_CACHE) require('node:module').enableCompileCache(join(cache, 'readtime'));
}

/** Node 22 and 24 call SQLite experimental. */
function hideWarningsForDevelopers() {
  process.noDeprecation = true;
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...about) => {
    const type = about[0] && typeof about[0] === 'object' ? about[0].type : about[0];
    if (type !== 'ExperimentalWarning') emitWarning.call(process, warning, ...about);
  };
}

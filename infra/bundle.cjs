/** Plugins of esbuild that make the zip small and quick to start. */
const { readFileSync } = require('node:fs');
const { dirname, parse, resolve } = require('node:path');
const esbuild = require('esbuild');
const { mapLinesOnly, mapOwnCodeOnly, ownFormData } = require('../scripts/build/plugins.ts');

/** The file of a process or a thread. */
const FILE_URL = /new URL\('(\.{1,2}\/[^']+\.ts)', import\.meta\.url\)/g;

/** Each brings packages that nothing in the handler's file needs: axios, a parser of HTML. */
const BESIDE_HANDLER = /[\\/](axios-client|read-page|stored-text)\.ts$/;

/**
 * Builds some of the files that are imported with `import()`, and those named by `new URL()`, as separate files beside the
 * handler, so that Node does not load them at start. Modules that both need are in both, so they must not share state or
 * classes. Any other file that is imported with `import()` is in the handler's file, and is not run before it is needed: an
 * adapter, whose `Failure` is that of the run, or the client of AWS's scheduler, of which nearly all is shared with that
 * for secrets.
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
    onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || !BESIDE_HANDLER.test(path)) return undefined;
      entryPoints.add(resolve(resolveDir, path));
      return { path: builtName(path), external: true };
    });
    onEnd(async () => {
      for (const file of entryPoints) await esbuild.build({ ...initialOptions, entryPoints: [file] });
    });
  },
};

/**
 * Leaves out where clients for AWS look for credentials besides the environment, where Lambda has them, and `invoke local`
 * puts them: profiles, single sign-on, other machines. It is a fifth of the handler's file.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
const credentialsFromEnvironment = {
  name: 'credentials-from-environment',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ }, () => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'",
    }));
  },
};

module.exports = [splitDynamicImports, credentialsFromEnvironment, mapOwnCodeOnly, mapLinesOnly, ownFormData];

/** Plugins of esbuild that the zip of the function and the bundled command share. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { Plugin } from 'esbuild';

const NO_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/**
 * Gives dependencies an empty source map, so that the map of the bundle has only the lines of this project: a quarter of
 * the size, and stack traces still show lines of our code.
 */
export const mapOwnCodeOnly: Plugin = {
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
export const mapLinesOnly: Plugin = {
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
function beginsLine([, source, line]: SourceMapSegment, at: number, segments: SourceMapSegment[]): boolean {
  const [, sourceBefore, lineBefore] = segments[at - 1] ?? [];
  return at === 0 || source !== sourceBefore || line !== lineBefore;
}

/** What a plugin makes up, such as `own-form-data:form-data`; a letter alone is a drive of Windows. */
const NO_FILE = /^[\w-]{2,}:/;

/**
 * Names sources in the maps as from a folder dist/ of the project, wherever that is built: stack traces have no path of
 * the machine that built it, and the same sources give the same bundle.
 */
export const sourcesAsFromDist: Plugin = {
  name: 'sources-as-from-dist',
  setup({ initialOptions: { absWorkingDir = '.' }, onEnd }) {
    onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {}).filter((name) => name.endsWith('.map'))) {
        const path = resolve(absWorkingDir, file);
        const map = JSON.parse(readFileSync(path, 'utf8'));
        const named = (source: string) => relative(absWorkingDir, resolve(dirname(path), source));
        const sources = map.sources.map((source: string) =>
          NO_FILE.test(source) ? source : `../${named(source).replaceAll('\\', '/')}`,
        );
        writeFileSync(path, JSON.stringify({ ...map, sources }));
      }
    });
  },
};

/**
 * Puts Node's own FormData in the place of the package that axios brings, whose table of MIME types is a third of the
 * bundled client. No service is sent a form.
 */
export const ownFormData: Plugin = {
  name: 'own-form-data',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^form-data$/ }, ({ path }) => ({ path, namespace: 'own-form-data' }));
    onLoad({ filter: /^/, namespace: 'own-form-data' }, () => ({ contents: 'module.exports = FormData' }));
  },
};

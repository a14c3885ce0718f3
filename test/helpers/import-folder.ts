import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStore, type Store } from '../../lib/pocket-server/store.ts';

export type ImportFolder = {
  readonly folder: string;
  readonly store: Store;
  /** Writes a file into the folder and returns its path. */
  file(name: string, content: string | Uint8Array): string;
  /** What a store holds: address, title, tags, status and time of each item. Default: `store`. */
  rows(from?: Store): unknown[][];
};

/** For each test of a file: a new folder for exports, and an empty store to import them into. */
export function importFolder(): ImportFolder {
  let folder = '';
  let store: Store;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-'));
    store = openStore(':memory:');
  });
  afterEach(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    get store() {
      return store;
    },
    file(name, content) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    rows: (from = store) =>
      [...from.everything()].map(({ given_url, given_title, tags, status, time_added }) => [
        given_url,
        given_title,
        tags,
        status,
        time_added,
      ]),
  };
}

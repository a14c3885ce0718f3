import { keptLengths, openLengths } from '../../lengths/kept-lengths.ts';
import type { Settings } from '../../settings.ts';
import type { EnvFiles, Output } from '../options.ts';
import { wrapped } from '../view/wrapped.ts';
import { openInDataFolder } from './data-folder.ts';

/** In the data folder. */
const FILE = 'lengths.sqlite';

/**
 * What was read of the items of this reading list. Where the file cannot be used, a sentence on standard error says so,
 * and nothing is kept.
 */
export function openKeptLengths(
  { readingList, serviceSettings }: Pick<Settings, 'readingList' | 'serviceSettings'>,
  { quiet = false, json = false, ...source }: Output & EnvFiles,
) {
  const { url = '', apiUrl = url } = serviceSettings;
  return keptLengths({
    service: readingList,
    account: apiUrl,
    open: () => openInDataFolder(FILE, openLengths, source),
    onTrouble(reason) {
      if (!quiet && !json)
        console.error(
          wrapped(`What is read is not kept (${reason}), and is read again the next time.`, process.stderr),
        );
    },
  });
}

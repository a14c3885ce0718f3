import { type PocketServerOptions, startPocketServer } from '../lib/pocket-server/server.ts';
import { openStore } from '../lib/pocket-server/store.ts';
import { benchItems } from './bench-items.ts';

/** A Pocket server in a process of its own, so that its memory is not counted: `node pocket-process.ts ITEMS DELAY_MS`. */
const [items = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const store = openStore(':memory:');
store.insert(benchItems(items));
const options: PocketServerOptions = {
  store,
  credentials: { consumerKey: 'bench', accessToken: 'bench' },
  delayMs,
  callsKept: 0,
};
const server = await startPocketServer(options);
process.on('message', () => {
  const tagged =
    store.count({ tag: 'a quick read' }) +
    store.count({ tag: 'a medium read' }) +
    store.count({ tag: 'a long read' });
  process.send?.({ calls: server.callCount(), tagged });
});
process.send?.({ url: server.url });

import { setTimeout as sleep } from 'node:timers/promises';
import { startPocketServer } from '../lib/pocket-server/server.ts';
import { openStore } from '../lib/pocket-server/store.ts';
import { benchItems } from './bench-items.ts';

/** A Pocket server in a process of its own, so that its memory is not counted: `node pocket-process.ts ITEMS DELAY_MS`. */
const [items = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const store = openStore(':memory:');
store.insert(benchItems(items));
let calls = 0;
const server = await startPocketServer({
  store,
  credentials: { consumerKey: 'bench', accessToken: 'bench' },
  middleware: async (_, next) => {
    calls += 1;
    if (delayMs > 0) await sleep(delayMs);
    await next();
  },
});
process.on('message', () => {
  const tagged =
    store.count({ tag: 'a quick read' }) +
    store.count({ tag: 'a medium read' }) +
    store.count({ tag: 'a long read' });
  process.send?.({ calls, tagged });
});
process.send?.({ url: server.url });

import { fakeItems } from '../test/helpers/services/fake-service.ts';
import { fakeKarakeep } from '../test/helpers/services/karakeep.ts';

/** A Karakeep in a process of its own, so that its work is not measured: `node karakeep-process.ts ITEMS ANSWER_MS`. */
const [items = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const { url } = await fakeKarakeep(fakeItems(items), { delayMs, token: 'right' });
process.send?.({ url });

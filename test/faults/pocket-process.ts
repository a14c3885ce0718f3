import { openStore } from '../../lib/pocket-server/store.ts';
import { CREDENTIALS } from '../helpers/pocket.ts';
import { startTestPocket } from '../helpers/test-pocket.ts';

/** What a Pocket server in a process of its own is told: as JSON, its only argument. */
export type PocketProcess = {
  /** The file of its database. */
  readonly file: string;
  /** 0: any free port. */
  readonly port: number;
  /** The call that it tells its parent of and never answers, counted from 1 among those of its endpoint. */
  readonly hangsAt?: { readonly endpoint: 'get' | 'send'; readonly n: number; readonly done: boolean };
};

type PocketMessage = { readonly url: string } | { readonly hangs: true };

const { file, port, hangsAt }: PocketProcess = JSON.parse(process.argv[2] ?? '');
const say = (message: PocketMessage) => process.send?.(message);
let calls = 0;
const { url } = await startTestPocket({
  store: openStore(file),
  port,
  credentials: CREDENTIALS,
  fault: ({ endpoint }) => {
    if (endpoint !== hangsAt?.endpoint) return undefined;
    calls += 1;
    if (calls !== hangsAt.n) return undefined;
    // Once it is carried out, if it is to be.
    setTimeout(() => say({ hangs: true }), 100);
    return { kind: 'hang', done: hangsAt.done };
  },
});
say({ url });

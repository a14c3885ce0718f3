import { runIn } from '../helpers/run.ts';

/** One full run in a process of its own, which may be killed: settings come with the environment. */
process.send?.(await runIn(process.env, { mode: 'full' }));

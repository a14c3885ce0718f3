import { run } from '../lib/run/run.ts';
import { readSettings } from '../lib/settings.ts';
import { plainTagger } from './plain-tagger.ts';

/** One run in a process of its own, so that its memory is its own: `node tagger-process.ts ours|plain URL`. */
const [which, url = ''] = process.argv.slice(2);
const env = {
  POCKET_API_URL: url,
  SECRETS_FROM: 'env',
  // The whole list in one run.
  MAX_CHANGES: '1000000',
  LOG_LEVEL: 'WARN',
  POCKET_KEY: 'bench',
  POCKET_TOKEN: 'bench',
};
const full = { mode: 'full', dryRun: false, refetch: false } as const;
const startedAt = performance.now();
const { requests, tagged, listed } =
  which === 'plain' ? await plainTagger(url) : await run({ request: full, settings: readSettings(env), env });
const durationMs = performance.now() - startedAt;
process.send?.({ requests, tagged, listed, durationMs, peakBytes: process.resourceUsage().maxRSS * 1024 });

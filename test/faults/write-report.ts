import { readFileSync, writeFileSync } from 'node:fs';
import { allProven, type Proof } from './report.ts';

const REPORT = 'docs/reliability.md';
const BEGIN = '<!-- faults -->\n';
const END = '<!-- end of faults -->';

/** By how runs ended: the class of fault, and what a run does about it. */
const CLASSES: Readonly<Record<string, readonly [fault: string, does: string]>> = {
  'as if nothing': [
    'a call fails once and could work again: 5xx, a wait of no time, half an answer, HTML for JSON, bytes that are not HTTP, a reset, silence, a token that was replaced',
    'tries again; the list is right at once',
  ],
  unavailable: [
    'the same, but at every call from there on',
    'fails as `unavailable` after four tries, or eight in a minute where the service has answered and is down; the next run continues',
  ],
  'waited for': ['a wait of a second is asked for', 'waits as long, and sends nothing else meanwhile'],
  stopped: [
    'a wait that the deadline does not allow is asked for: 429, 503, a limit on calls',
    'stops before it, `complete: false`; the next run continues',
  ],
  unsure: [
    'a write is answered, and not for every item',
    'counts those items as failed, never as done; the next run looks at them again',
  ],
  counted: ['writes fail in the middle of a run', 'counts what was done before, and nothing else'],
  credentials: ['401, 403, a refusal inside HTTP 200', 'fails as `credentials` after one try'],
  settings: ['404', 'fails as `settings` after one try, and says what to set'],
  'unexpected-response': [
    'an answer that makes no sense: 400, a redirect, a list that is none, a first batch of tags that is not kept',
    'fails as `unexpected-response` after one try',
  ],
  'found out by the next run': [
    'the service stops keeping tags in the middle of a run',
    'is found out by the next full run, which writes them again and reads one back',
  ],
  'before the deadline': ['silence, slowness, waits without end', 'ends in time'],
  'nothing lost': [
    'the reader archives, deletes, adds, tags and untags items during a run',
    'looks at every item that stays; what the reader did stands',
  ],
  'lost nothing, made nothing up': ['two faults in one run', 'does no more harm than each alone'],
  outlived: [
    'the server of the reading list is killed by `kill -9`, and back after some seconds',
    'is tried again until it is back; the list is right at once',
  ],
  'right after one run more': ['`kill -9` of the run at any moment', 'the next run puts everything right'],
};

function row([end, proofs]: [end: string, proofs: readonly Proof[]]): string {
  const [fault, does] = CLASSES[end] ?? [end, ''];
  const kinds = new Set(proofs.map((proof) => proof.fault)).size;
  const runs = proofs.reduce((sum, { positions }) => sum + positions, 0);
  return `| ${fault} | ${does} | ${kinds} | ${runs} |`;
}

/** Writes what was proven into the document; a test that fails proves nothing. */
function writeReport(): void {
  const old = readFileSync(REPORT, 'utf8');
  const [from, to] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${REPORT} has no part "${BEGIN.trim()}"`);
  const byEnd = Map.groupBy(allProven(), ({ end }) => end);
  const ends = Object.keys(CLASSES).filter((end) => byEnd.has(end));
  const rows = ends.map((end) => row([end, byEnd.get(end) ?? []]));
  const table = ['| fault | what a run does | kinds | runs |', '|---|---|--:|--:|', ...rows].join('\n');
  writeFileSync(REPORT, `${old.slice(0, from)}${BEGIN}\n${table}\n\n${old.slice(to)}`);
}

/** For `mocha --require`. */
export const mochaHooks = { afterAll: writeReport };

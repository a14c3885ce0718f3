import { writePart } from '../../scripts/document-part.ts';
import { allProven, type Proof } from './report.ts';

const REPORT = 'docs/reliability.md';

const PROMISES: Readonly<Record<string, string>> = {
  'as if nothing': 'a passing fault is tried again, at most four times, and leaves no trace',
  unavailable: 'a fault that lasts fails the run after four tries; nothing is lost',
  'waited for':
    'the wait is as long as asked for, and longer from try to try; nothing else is sent meanwhile',
  stopped: 'a wait that is asked for is not cut short: the run stops, and says that it is not complete',
  unsure: 'what the service did not confirm counts as failed, never as done',
  counted: 'what was done before counts, and nothing else',
  credentials: 'a refusal is final: not tried again',
  settings: 'a wrong address is final: not tried again, and the failure says what to set',
  'unexpected-response': 'what makes no sense is final: not tried again',
  'found out by the next run': 'what the service only said it had done is written again, and then read back',
  'before the deadline': 'the run ends in time, whatever the other side does',
  'nothing lost': 'every item that stays is looked at; what the reader does meanwhile stands',
  'lost nothing, made nothing up': 'faults together do no more harm than each alone',
  'right after one run more': 'stopping is harmless at any moment',
};

const INTRODUCTION = `Written by \`npm run reliability\`, which runs the tests in \`test/faults/\` against the Pocket server of this project
and notes what they found. Each row is one fault, tried at so many calls (or moments) of a full run over 70 items
of every kind: bare, rightly and wrongly tagged, and of unknown length. What an HTTP server cannot do to a
connection by itself is done by a proxy in front of it. A row that begins with another service is of runs over 6
such items (36 or 84 where writes fail) against a stand-in for that service, its adapter in front.

After each of these runs, one run in which nothing goes wrong has to leave the list exactly as a run without
faults does, and one more has to write nothing. In each of them:

- the summary counts exactly the items whose change the server's own log says it carried out; where the server did
  not say, the item counts as failed;
- \`complete\` is never true when an unread item was not looked at;
- nobody else's tag is ever changed;
- a final refusal is sent once, a passing one at most four times;
- no more than two requests are in flight.

Of the first batch that a run writes, one item is read back. A server that says yes and keeps nothing is found out
there. One that begins to forget later in a run is found out by the next full run, which writes what was forgotten again.
A second item, read back at the end, would find it out at once; it would be the last request of those that a run
may take, for a fault that the next run mends.

A reading list that does not count its items, or no further than 5,000, is read with the last row of each page again
in the next, so that rows which moved up are noticed.

| fault | when | tried | what happened | what it proves |
|---|---|--:|---|---|
`;

const row = ({ fault, when, positions, end }: Proof) =>
  `| ${fault} | ${when} | ${positions} | ${end} | ${PROMISES[end] ?? ''} |`;

/** For `mocha --require`: writes what was proven; a test that fails proves nothing. */
export const mochaHooks = {
  afterAll(this: Mocha.Context) {
    writePart(REPORT, 'faults', `${INTRODUCTION}${allProven().map(row).join('\n')}`);
  },
};

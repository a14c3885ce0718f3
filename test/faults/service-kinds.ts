import type { Fault } from '../helpers/faults.ts';
import type { RunEnd } from './kinds.ts';

/** A way in which a service, or what stands in front of it, fails a call. */
export type ServiceFault = {
  readonly name: string;
  /** The fault, in the form in which this service says it. */
  readonly of: (service: string) => Fault;
  /** How often one and the same request may be sent while the fault lasts. */
  readonly tries: 1 | 4 | 8;
};

/** Faults that end a run alike, each at one call or at that and all that follow. */
export type FaultClass = {
  readonly name: string;
  readonly when: string;
  readonly trials: readonly { readonly fault: ServiceFault; readonly lasting: boolean }[];
  readonly end: RunEnd;
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  answer: { status, headers, body },
});
const after = (fault: Fault): Fault => ({ ...fault, done: true }) as Fault;

const error = answer(500, { error: 'Internal Server Error' });
const html = answer(200, '<!DOCTYPE html><html><body>Log in</body></html>', { 'Content-Type': 'text/html' });
const passing = (name: string, fault: Fault): ServiceFault => ({ name, of: () => fault, tries: 4 });
/** As if the service were down: it may be starting again. */
const down = (name: string, fault: Fault): ServiceFault => ({ ...passing(name, fault), tries: 8 });

const PASSING = [
  passing('500', error),
  passing('HTML instead of JSON', html),
  passing('half an answer', { kind: 'truncate' }),
  down('reset after the work was done', { kind: 'reset', done: true }),
];
const PASSING_TOO = [
  passing('500 after the work was done', after(error)),
  passing('HTML instead of JSON after the work was done', after(html)),
  down('reset before the work was done', { kind: 'reset' }),
];
const WAIT = down('503 with Retry-After', answer(503, '', { 'Retry-After': '0' }));
const LONG_WAIT: ServiceFault = { name: '429', of: tooMany, tries: 1 };
const REFUSED: ServiceFault = { name: '401', of: () => answer(401, { error: 'Unauthorized' }), tries: 1 };

/** Over the limit, and not to come back before the run is over: each in its own words. */
function tooMany(service: string): Fault {
  if (service === 'karakeep') return answer(429, 'Too many requests. Try again in 3600 seconds.');
  if (service === 'instapaper') return answer(429, { error: { code: 429, message: 'Rate limit exceeded' } });
  const body = service === 'raindrop' ? { result: false, error: 429, errorMessage: 'Too many requests' } : {};
  return answer(429, body, { 'Retry-After': '3600' });
}

const once = (fault: ServiceFault) => ({ fault, lasting: false });
const always = (fault: ServiceFault) => ({ fault, lasting: true });

export const CLASSES: readonly FaultClass[] = [
  {
    name: '500, 503, HTML, half an answer, reset',
    when: 'once',
    trials: [...PASSING, ...PASSING_TOO, WAIT].map(once),
    end: 'as if nothing',
  },
  {
    name: '500, HTML, half an answer, reset',
    when: 'from there on',
    trials: PASSING.map(always),
    end: 'unavailable',
  },
  {
    name: '429, 503 with Retry-After',
    when: 'once, or from there on',
    trials: [once(LONG_WAIT), always(LONG_WAIT), always(WAIT)],
    end: 'stopped',
  },
  {
    name: '401',
    when: 'once, or from there on',
    trials: [once(REFUSED), always(REFUSED)],
    end: 'credentials',
  },
];

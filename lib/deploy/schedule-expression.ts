/** The expressions that EventBridge Scheduler takes: docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

type Field = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values, from `min` on. */
  readonly names?: readonly string[];
  /** What this field alone takes. */
  readonly special?: RegExp;
};

const FIELDS: readonly Field[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 1, max: 7, names: WEEKDAYS, special: /^(L|([1-7]|[A-Z]{3})(L|#[1-5]))$/ },
  { name: 'year', min: 1970, max: 2199 },
];

/** Why EventBridge Scheduler would refuse an expression, in a clause with the remedy; `undefined` if it would not. */
export function scheduleProblem(expression: string): string | undefined {
  const [, kind, inside = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron') return cronProblem(inside);
  if (kind === 'rate') return rateProblem(inside);
  if (kind === 'at') return atProblem(inside);
  return 'is no schedule; give one such as "cron(0 14 ? * SUN *)" or "rate(7 days)"';
}

/** `1 hour` or `2 hours`. */
function rateProblem(text: string): string | undefined {
  const [, count = '', plural] = /^([1-9]\d*) (?:minute|hour|day)(s?)$/.exec(text) ?? [];
  if (count && (count === '1') === (plural === '')) return undefined;
  return 'is not a rate; give one such as "rate(1 hour)" or "rate(7 days)"';
}

function atProblem(text: string): string | undefined {
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text);
  const time = Date.parse(`${text}Z`);
  // A day that its month does not have becomes one of the next month.
  if (isTime && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return undefined;
  return 'is not a time; give one such as "at(2027-01-31T14:00:00)"';
}

function cronProblem(text: string): string | undefined {
  const given = text.trim().toUpperCase().split(/\s+/);
  if (given.length !== FIELDS.length)
    return `has ${given.length} fields, and needs ${FIELDS.length}: ${FIELDS.map(({ name }) => name).join(', ')}`;
  const wrong = FIELDS.find((field, at) => !isField(field, given[at] ?? ''));
  if (wrong) return `the ${wrong.name} cannot be "${given[FIELDS.indexOf(wrong)]}"`;
  const [, , dayOfMonth, , dayOfWeek] = given;
  if ((dayOfMonth === '?') !== (dayOfWeek === '?')) return undefined;
  return 'either the day of month or the day of week has to be "?", and not both';
}

function isField(field: Field, text: string): boolean {
  if (text === '?') return field.special !== undefined;
  // Of the weekdays of a month, such as 2#1, only one can be given.
  if (text.includes('#') && text.includes(',')) return false;
  return text.split(',').every((part) => field.special?.test(part) || isRange(field, part));
}

/** `*`, a value, or two values with a hyphen; then perhaps a step. */
function isRange(field: Field, text: string): boolean {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return false;
  const values = range.split('-');
  return range === '*' || (values.length <= 2 && values.every((value) => isValue(field, value)));
}

function isValue({ min, max, names = [] }: Field, text: string): boolean {
  if (names.includes(text)) return true;
  return /^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

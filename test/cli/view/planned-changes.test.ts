import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import { planTable } from '../../../lib/cli/view/planned-changes.ts';
import { backlogTable } from '../../../lib/cli/view/run-result.ts';
import type { PlannedRow } from '../../../lib/core/plan.ts';

const tags = ['a quick read', 'a long read'];
const row: PlannedRow = {
  id: '1',
  title: 'x'.repeat(99),
  words: 1234,
  minutes: 7,
  from: ['a quick read'],
  to: 'a long read',
};

describe('planTable', () => {
  const widths: [columns: number, title: number, why: string][] = [
    [80, 36, 'what the other columns leave of a terminal'],
    [300, 59, 'no more than is needed to recognise it'],
    [30, 19, 'no less than that either, in a narrow terminal'],
  ];
  for (const [columns, title, why] of widths) {
    it(`gives a title ${why}: ${columns} columns`, () => {
      const [, line = ''] = planTable([row], { tags, columns }).split('\n');
      assert.equal(line.indexOf('…'), title);
      assert.ok(columns < 80 || stringWidth(line) <= columns, `${stringWidth(line)} columns`);
    });
  }

  it('fits into a terminal whatever the script of a title', () => {
    const [, line = ''] = planTable([{ ...row, title: '家'.repeat(99) }], { tags, columns: 80 }).split('\n');
    assert.ok(stringWidth(line) <= 80 && stringWidth(line) > 77, `${stringWidth(line)} columns`);
  });

  it('has no spaces at the ends of its lines', () => {
    assert.doesNotMatch(planTable([row, { ...row, to: 'x' }], { tags }), / $/m);
  });
});

describe('colours of the bands', () => {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  afterEach(() => {
    Object.assign(process.env, { FORCE_COLOR, NO_COLOR });
    if (FORCE_COLOR === undefined) delete process.env.FORCE_COLOR;
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
  });
  const backlog = { 'a quick read': { items: 1, minutes: 1 }, 'a long read': { items: 1, minutes: 9 } };
  const isColoured = () =>
    [planTable([row], { tags }), backlogTable({ backlog })].map((text) => text.includes('\u001b['));

  it('are shown where colours are wanted', () => {
    process.env.FORCE_COLOR = '1';
    assert.deepEqual(isColoured(), [true, true]);
  });

  it('are not shown with NO_COLOR', () => {
    delete process.env.FORCE_COLOR;
    process.env.NO_COLOR = '1';
    assert.deepEqual(isColoured(), [false, false]);
  });
});

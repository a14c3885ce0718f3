import Table from 'cli-table3';

/** A table without lines and without control codes. */
export function plainTable(head: string[], colAligns: ('left' | 'right')[]) {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const nothing = { 'bottom-left': '', 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '' };
  const chars = { ...none, ...nothing, right: '', 'right-mid': '', middle: '  ' };
  return new Table({
    head,
    colAligns,
    chars,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
}

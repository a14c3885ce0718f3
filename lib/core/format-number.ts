/** A number for people: `1,234`. */
export function formatNumber(count: number): string {
  return count.toLocaleString('en');
}

/** A number of items: `1 item`, `1,234 unread items`. */
export function formatItems(items: number, kind = ''): string {
  return `${formatNumber(items)} ${kind && `${kind} `}${items === 1 ? 'item' : 'items'}`;
}

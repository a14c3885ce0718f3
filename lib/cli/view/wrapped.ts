import stringWidth from 'string-width';

/** Sentences on lines that are no wider than the terminal, broken at spaces; as they are where there is no terminal. */
export function wrapped(text: string, columns = process.stdout.columns || Number.POSITIVE_INFINITY): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, columns))
    .join('\n');
}

function wrappedLine(text: string, columns: number): string {
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (stringWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** A colour by day and by night. Each has a contrast of at least 4.5 with the page, and as text on its own chip. */
type Colour = readonly [light: string, dark: string];

/** Colours of the bands, in their order; where there are more bands, they begin again. */
const BANDS: readonly Colour[] = [
  ['#0b766b', '#4fc4b5'],
  ['#8a5a00', '#e0a64a'],
  ['#b3314f', '#f28a9f'],
  ['#6f45b8', '#bda0f0'],
  ['#4a6b12', '#a6c85c'],
  ['#0b6a8a', '#66bad6'],
  ['#9c2f8a', '#ea94d4'],
  ['#7a4a33', '#d6a78f'],
];

/** By custom property of report-page.css; `accent` is for what can be used, `faint` for what is said in passing. */
const COLOURS: Readonly<Record<string, Colour>> = {
  ink: ['#1b1d21', '#e8eaed'],
  faint: ['#5a616c', '#a3aab5'],
  ground: ['#f4f5f7', '#121417'],
  surface: ['#ffffff', '#1b1e23'],
  line: ['#dde0e5', '#343941'],
  field: ['#7b828d', '#7b828d'],
  accent: ['#3a4fd0', '#9db2ff'],
  'on-accent': ['#ffffff', '#121417'],
  'band-unknown': ['#5a616c', '#a3aab5'],
  ...Object.fromEntries(BANDS.map((colour, at) => [`band-${at}`, colour])),
};

const KINDS = [...BANDS.keys(), 'unknown'];

/** The name of a band's colour: `--band-NAME` as a custom property, `.band-NAME` as a class that sets `--band`. */
export function bandColour(at: number, { isUnknown }: { isUnknown: boolean }): string {
  return `band-${isUnknown ? 'unknown' : at % BANDS.length}`;
}

/** The colours as style rules. Paper is always light. */
export function colourRules(): string {
  const properties = (which: 0 | 1) =>
    Object.entries(COLOURS).map(([name, colour]) => `--${name}: ${colour[which]};`);
  const classes = KINDS.map((kind) => `.band-${kind} { --band: var(--band-${kind}); }`);
  return `:root { ${properties(0).join(' ')} }
@media screen and (prefers-color-scheme: dark) { :root { ${properties(1).join(' ')} } }
${classes.join('\n')}
`;
}

import { styleText } from 'node:util';

/** In the order of the bands, near those of the report. */
const COLOURS: readonly Parameters<typeof styleText>[0][] = [
  'cyan',
  'blueBright',
  'yellow',
  'magenta',
  'green',
  'red',
];

/** Gives the text of a band the colour of the band, where standard output shows colours; `NO_COLOR` has a say. */
export function bandColours(bands: readonly string[]): (band: string, text?: string) => string {
  return (band, text = band) => {
    const place = bands.indexOf(band);
    return place < 0 ? text : styleText(COLOURS[place % COLOURS.length] ?? 'reset', text);
  };
}

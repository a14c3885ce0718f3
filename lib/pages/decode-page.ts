import chardet from 'chardet';
import sniffEncoding from 'html-encoding-sniffer';

/** As much text as the guess looks at: on real pages more made it no better, and it costs 0.3 ms a kB. */
const MAX_GUESSED_BYTES = 8_000;

/** Guesses that are wrong for the web: Arabic pages are in windows-1256, whose letters lie near ISO-8859-6. */
const CORRECTED_GUESS: Readonly<Record<string, string>> = { 'ISO-8859-6': 'windows-1256' };

/**
 * The characters of a page as the WHATWG encoding standard reads them: byte-order mark, the HTTP header's
 * `charset`, `<meta>` within the first 1,024 bytes. A page that declares none is taken for UTF-8 if it is
 * valid, else its encoding is guessed from its text. Never throws: what cannot be decoded becomes U+FFFD.
 */
export function decodePage(bytes: Uint8Array, charset?: string): string {
  const declared = sniffEncoding(bytes, { transportLayerEncodingLabel: charset, defaultEncoding: '' });
  // The standard's encoding for labels that were used for attacks: nothing is read.
  if (declared === 'replacement') return '\uFFFD';
  if (declared !== '') return new TextDecoder(declared).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decoderFor(guessEncoding(bytes)).decode(bytes);
  }
}

function guessEncoding(bytes: Uint8Array): string {
  const guess = chardet.detect(nonAsciiText(bytes)) ?? '';
  return CORRECTED_GUESS[guess] ?? guess;
}

/** For an encoding that the web does not know, windows-1252, as in browsers. */
function decoderFor(encoding: string) {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder('windows-1252');
  }
}

/**
 * What stands between the tags and is not plain ASCII. Markup is ASCII and looks English: with it 115 of 142
 * re-encoded pages were guessed right, without it all.
 */
function nonAsciiText(bytes: Uint8Array): Uint8Array {
  const runs = Buffer.from(bytes)
    .toString('latin1')
    .split(/<[^>]*>?/);
  const text = runs.map((run) => run.slice(0, MAX_GUESSED_BYTES)).filter((run) => /[\x80-\xff]/.test(run));
  return Buffer.from(text.join('').slice(0, MAX_GUESSED_BYTES), 'latin1');
}

/** Types of packages that have none. */
declare module 'html-encoding-sniffer' {
  /** The name of the encoding: byte-order mark, else the given label, else `<meta>`, else `defaultEncoding`. */
  function sniffEncoding(
    bytes: Uint8Array,
    options: { transportLayerEncodingLabel?: string | undefined; defaultEncoding: string },
  ): string;
  export = sniffEncoding;
}

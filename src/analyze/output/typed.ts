/** A word of a command line as it is typed: quoted where a shell would take it apart. */
export const asTyped = (word: string): string =>
  /^[\p{L}\w.,:=/@%+-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/**
 * Parses CSV text (RFC 4180) into the fields of its records; blank lines are
 * left out.
 *
 * @throws {SyntaxError} If a quote is out of place.
 */
export function parse(text: string): string[][];

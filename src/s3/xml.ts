const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/**
 * Text of each element of a name in a store's answer, in order. These answers have
 * elements, text and entities alone.
 */
export function elements(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>(.*?)</${name}>`, "gs");
  return [...xml.matchAll(pattern)].map(([, content = ""]) => content);
}

/** Text of the first element of a name, entities replaced. */
export function textOf(xml: string, name: string): string | undefined {
  const content = elements(xml, name)[0];
  return content?.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi,
    (entity, decimal, hex, named) => {
      if (named !== undefined) return ENTITIES[named] ?? entity;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    },
  );
}

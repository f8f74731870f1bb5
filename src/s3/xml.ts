const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/**
 * Content of each element of a name in a store's answer, in order. These answers
 * have elements, text and entities alone, and no element inside one of its name.
 *
 * A text that is damaged takes no longer than one that is whole.
 */
export function* elements(xml: string, name: string): Generator<string> {
  const [opening, closing] = [`<${name}`, `</${name}>`];
  for (let at = 0;;) {
    const start = xml.indexOf(opening, at);
    if (start < 0) return;
    at = start + opening.length;
    if (!/[\s/>]/.test(xml[at] ?? "")) continue;
    const content = xml.indexOf(">", at) + 1;
    if (content === 0) return;
    at = content;
    if (xml[content - 2] === "/") {
      yield "";
      continue;
    }
    const end = xml.indexOf(closing, content);
    if (end < 0) return;
    yield xml.slice(content, end);
    at = end + closing.length;
  }
}

/** Text of the first element of a name, entities replaced. */
export function textOf(xml: string, name: string): string | undefined {
  const { value: content } = elements(xml, name).next();
  return content?.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
    (entity: string, decimal?: string, hex?: string, named?: string) => {
      if (named !== undefined) return ENTITIES[named] ?? entity;
      const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
    },
  );
}

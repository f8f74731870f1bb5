/** A block of TypeScript on a page, with the output that the page shows. */
export interface Snippet {
  /** Line of the page on which its code starts, from 1. */
  readonly line: number;
  readonly code: string;
  /** Name of its file, if the first line is a comment with one: not run alone. */
  readonly file?: string;
  /** Its output, if the next block of the page is a text. */
  readonly output?: string;
}

const BLOCK = /^```(\w*)\n([\s\S]*?)^```\n/gm;

/** The TypeScript blocks of a page, in order. */
export function snippetsOf(text: string): Snippet[] {
  const blocks = [...text.matchAll(BLOCK)];
  return blocks.flatMap(({ index, 1: language, 2: code = "" }, i) => {
    if (language !== "ts") return [];
    const line = text.slice(0, index).split("\n").length + 1;
    const file = /^\/\/ (\w+\.ts)\n/.exec(code)?.[1];
    const [, next, output] = blocks[i + 1] ?? [];
    return [{
      line,
      code,
      ...(file !== undefined && { file }),
      ...(next === "text" && { output }),
    }];
  });
}

/** CSS of a page's colours: dark or light as the reader's system. */
export const PAGE_COLOURS = `
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e6e8eb);
  --soft: light-dark(#57606a, #9aa4ae);
  --line: light-dark(#d8dee4, #353b43);
  --back: light-dark(#ffffff, #15181c);
  --card: light-dark(#f6f8fa, #1e2329);
  --link: light-dark(#0b5fb0, #6fb2f2);`;

import { PAGE_COLOURS } from "../base/page_colours.ts";

/** The style of a report: dark or light as the reader's system, and on a phone. */
export const PAGE_STYLE = `
:root {${PAGE_COLOURS}
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem) 4rem;
  max-width: 76rem; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; margin: 0 0 0.25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1.05rem; margin: 0; }
a { color: var(--link); }
p, dd { overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: 0.6rem; padding: 0; margin: 1rem 0; }
.tiles li {
  list-style: none; flex: 1 1 8rem; padding: 0.6rem 0.8rem; border-radius: 8px;
  background: var(--card); border: 1px solid var(--line);
}
.tiles b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.5rem 0; }
.scroll { overflow: auto; max-height: 75vh; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td {
  padding: 0.3rem 0.65rem; text-align: left; white-space: nowrap;
  border-bottom: 1px solid var(--line);
}
tbody tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.long { white-space: normal; min-width: 16rem; overflow-wrap: anywhere; }
thead th { background: var(--card); font-weight: 600; position: sticky; top: 0; }
th button {
  all: unset; cursor: pointer; font-weight: 600;
}
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " \\25b2"; }
th[aria-sort=descending] button::after { content: " \\25bc"; }
tbody tr:hover { background: var(--card); }
details { margin: 0.75rem 0; }
summary { cursor: pointer; }
.session { content-visibility: auto; contain-intrinsic-size: auto 60rem; border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 1.5rem; }
.session > h2 { margin-top: 0; overflow-wrap: anywhere; }
.cell { margin: 1rem 0 1.5rem; scroll-margin-top: 1rem; }
dl.facts { display: flex; flex-wrap: wrap; gap: 0.2rem 1.25rem; margin: 0.25rem 0 0.75rem; }
dl.facts div { display: flex; gap: 0.4rem; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; }
.figures { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: flex-start; }
figure { margin: 0; padding: 0.4rem; background: #fff; border: 1px solid var(--line); border-radius: 8px; max-width: 100%; }
figure { overflow-x: auto; }
figure svg { display: block; max-width: max(100%, 34rem); height: auto; }
figcaption { width: 0; min-width: 100%; color: #57606a; font-size: 0.82rem; padding: 0.3rem 0.4rem 0.1rem; overflow-wrap: anywhere; }
pre {
  background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 0.8rem 1rem; overflow-x: auto; font-size: 0.85rem;
}
@media (max-width: 40rem) {
  body { font-size: 14px; }
  .tiles li { flex-basis: 6rem; }
}
@media print { .scroll { overflow: visible; max-height: none; } }
`;

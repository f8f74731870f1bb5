/**
 * The script of a report: a click on a heading sorts the table by its column, and
 * a link to a cell opens what hides it. It is JavaScript as text, since it runs in
 * the page.
 */
export const PAGE_SCRIPT = `"use strict";
const compared = (a, b) =>
  isNaN(a) || isNaN(b) ? (a < b ? -1 : Number(a > b)) : a - b;
for (const table of document.querySelectorAll("table.sortable")) {
  const headings = [...table.querySelectorAll("th")];
  headings.forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const isUp = heading.ariaSort !== "ascending";
      for (const other of headings) other.ariaSort = null;
      heading.ariaSort = isUp ? "ascending" : "descending";
      const rows = [...table.tBodies[0].rows].map((row) => ({
        row,
        key: row.cells[column].dataset.key,
      }));
      // Values that are not known stay at the end, whichever way is up.
      rows.sort(({ key: a }, { key: b }) =>
        (a === "") - (b === "") || (isUp ? compared(a, b) : compared(b, a))
      );
      table.tBodies[0].append(...rows.map(({ row }) => row));
    });
  });
}
const open = () => {
  const named = document.getElementById(location.hash.slice(1));
  for (let at = named; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  if (named) named.scrollIntoView();
};
addEventListener("hashchange", open);
open();
`;

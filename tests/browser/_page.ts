// Entry of the bundle that Chromium opens.
import { crcnsAc1Load, wehrLines, wehrLoad, wingertLoad } from "./_loads.ts";

declare const document: {
  querySelector(input: "input"): { readonly files: Iterable<File> };
};

function chosen(): File[] {
  return [...document.querySelector("input").files];
}

Object.assign(globalThis, {
  wehrOf: wehrLoad,
  wehrOfFile: () => wehrLoad(chosen()[0]),
  linesOfFile: (parallel: boolean) => wehrLines(chosen()[0], parallel),
  crcnsAc1OfFiles: () => crcnsAc1Load(chosen()),
  wingertOfFiles: () => {
    const [cellList, recordings] = chosen() as [File, File];
    return wingertLoad({ cellList, recordings });
  },
});

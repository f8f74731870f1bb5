import type { OpenedData } from "../protocol.ts";
import { byId } from "./dom.ts";

/** Takes data from the buttons, from a drop, and from the server of the page. */
export function listenForData(
  open: (data: OpenedData, name: string) => void,
  refuse: (message: string) => void,
): void {
  const openFiles = (files: readonly File[]): void => {
    if (files.length === 0) return;
    open(files, files.map(({ name }) => name).join(", "));
  };
  const files = byId<HTMLInputElement>("files");
  files.addEventListener("change", () => {
    openFiles([...files.files ?? []]);
    // The same file can be picked again.
    files.value = "";
  });
  byId("open").addEventListener("submit", (event) => {
    event.preventDefault();
    const address = byId<HTMLInputElement>("address").value.trim();
    if (!URL.canParse(address)) refuse(`${address} is no address.`);
    else open(address, address);
  });
  listenForDrops(openFiles, refuse);
  openServed(open, refuse);
}

function listenForDrops(
  openFiles: (files: readonly File[]) => void,
  refuse: (message: string) => void,
): void {
  const { body } = document;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    body.dataset["drop"] = "";
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) delete body.dataset["drop"];
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    delete body.dataset["drop"];
    const dropped = [...event.dataTransfer?.files ?? []];
    if (dropped.length > 0) openFiles(dropped);
    else refuse("That was no file: drop the zips themselves.");
  });
}

/** Opens what `rxephys explore DATA` serves, if it serves any. */
async function openServed(
  open: (data: OpenedData, name: string) => void,
  refuse: (message: string) => void,
): Promise<void> {
  try {
    const answer = await fetch("start.json");
    if (!answer.ok) return;
    const { data, name } = await answer.json() as {
      readonly data: string | null;
      readonly name: string;
    };
    if (data !== null) open(new URL(data, location.href).href, name);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Whether data is named by an address on a server, not by a path. */
export function isAddress(data: string): boolean {
  return /^https?:\/\//i.test(data);
}

/**
 * An address as errors and files may name it: without what follows `?` or `#`,
 * which can be a signature.
 */
export function shownAddress(address: string | URL): URL {
  const shown = new URL(address);
  shown.search = "";
  shown.hash = "";
  return shown;
}

/** A path, or an address as {@linkcode shownAddress} shows it. */
export function shownName(data: string): string {
  return isAddress(data) ? shownAddress(data).href : data;
}

/** Whether an address is of a folder: it ends with a slash. */
export function isFolderAddress(address: string): boolean {
  return new URL(address).pathname.endsWith("/");
}

/** The address of a file in the folder of an address, its query kept. */
export function addressInFolder(folder: string, name: string): string {
  const url = new URL(folder);
  url.pathname += encodeURIComponent(name);
  return url.href;
}

/**
 * The address of a file beside a zip. Zenodo's own form, in which `/content`
 * follows the name, is kept.
 */
export function addressBeside(zip: string, name: string): string {
  const url = new URL(zip);
  url.pathname = url.pathname.replace(
    /[^/]*(\/content)?$/,
    (_, content = "") => encodeURIComponent(name) + content,
  );
  return url.href;
}

/** Whether a text is an address on a server, not a path. */
export function isAddress(data: string): boolean {
  return /^https?:\/\//i.test(data) || isS3Address(data);
}

/** Whether a text is the address of a bucket or of an object in one. */
export function isS3Address(data: string): boolean {
  return /^s3:\/\//i.test(data);
}

/**
 * Address as errors and files may name it: without query and fragment, which may
 * carry a signature.
 */
export function shownAddress(address: string | URL): URL {
  const shown = new URL(address);
  shown.search = "";
  shown.hash = "";
  return shown;
}

/** Path as it is, or address by {@linkcode shownAddress}. */
export function shownName(data: string): string {
  return isAddress(data) ? shownAddress(data).href : data;
}

/** Whether an address is that of a folder: it ends with a slash or its host. */
export function isFolderAddress(address: string): boolean {
  const { pathname } = new URL(address);
  return pathname === "" || pathname.endsWith("/");
}

/** Address of a file in a folder, with the folder's query. */
export function addressInFolder(folder: string, name: string): string {
  const url = new URL(folder);
  url.pathname += encodeURIComponent(name);
  return url.href;
}

/**
 * Address of a file beside a zip, also in Zenodo's form, in which `/content`
 * follows the name.
 */
export function addressBeside(zip: string, name: string): string {
  const url = new URL(zip);
  const content = url.pathname.endsWith("/content") ? "/content" : "";
  const path = url.pathname.slice(0, url.pathname.length - content.length);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  url.pathname = folder + encodeURIComponent(name) + content;
  return url.href;
}

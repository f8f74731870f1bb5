/** Path of a file of this folder. */
export function fileOf(name: string): string {
  return decodeURIComponent(new URL(name, import.meta.url).pathname);
}

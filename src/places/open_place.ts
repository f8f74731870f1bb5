import { FolderPlace } from "./_folder_place.ts";
import type { Place } from "./place.ts";

/**
 * Opens a place by its name. Nothing is read or written yet.
 *
 * @param name Path of a folder, which need not exist.
 */
export function openPlace(name: string): Promise<Place> {
  return Promise.resolve(new FolderPlace(name));
}

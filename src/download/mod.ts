/**
 * Downloads of whole files from their publishers: verified, resumable, shared
 * between processes.
 *
 * @module
 */

export {
  type CrcnsCredentials,
  download,
  type DownloadableDataset,
  type DownloadedFile,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadState,
} from "./download.ts";

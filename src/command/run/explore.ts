import {
  type ByteSource,
  fileSource,
  findPath,
} from "../../archive/bytes/byte_source.ts";
import { openHttpSource } from "../../archive/bytes/http_source.ts";
import { checkCount } from "../../base/check.ts";
import { basename, dirname, join } from "../../base/path.ts";
import { DataNotFoundError } from "../../errors.ts";
import { hostAnswer, type PageFile } from "../../explorer/host.ts";
import { pageFiles } from "../../explorer/page_files.ts";
import { HttpSender } from "../../publishers/sender.ts";
import {
  addressBeside,
  addressInFolder,
  isAddress,
  isFolderAddress,
  shownName,
} from "../../http/address.ts";
import { makeFolder, writeText } from "../../platform/files.ts";
import { serveLocally } from "../../platform/local_server.ts";
import { DATA_SETS } from "../../recipe/data_set.ts";
import { recognize } from "../../recipe/recognize.ts";
import type { CommonFlags, Invocation } from "../shared/invocation.ts";

interface ExploreFlags extends CommonFlags {
  readonly port?: number;
  readonly writePage?: string;
}

/** Table that lies beside the recordings of Wingert et al. */
const CELL_LIST = "cell_list.csv";

/** Archives of the data sets, as their folders hold them. */
const ARCHIVES = [
  "crcns-ac1.zip",
  "crcns-ac1-asari-results-1.zip",
  "crcns-ac1-asari-results-2.zip",
  "recordings.zip",
  CELL_LIST,
];

/** `rxephys explore`: a page about a data set, served to this machine alone. */
export async function explore(
  invocation: Invocation,
  { port = 0, writePage }: ExploreFlags,
  [data]: readonly string[],
): Promise<void> {
  checkCount("serve the page", "port", port, 0, 65_535);
  const { signal } = invocation;
  const served = data === undefined ? null : await servedData(data, signal);
  const page = await pageFiles();
  if (writePage !== undefined) {
    return await written(invocation, writePage, page);
  }
  const start = JSON.stringify({
    data: served?.address ?? null,
    name: served?.name ?? "",
  });
  const content = {
    page: {
      ...page,
      "start.json": { type: "application/json", text: start },
    },
    archives: served?.archives ?? new Map<string, ByteSource>(),
    token: crypto.randomUUID(),
  };
  const server = serveLocally(
    (request) => hostAnswer(content, request),
    { port, signal },
  );
  const url = `http://127.0.0.1:${server.port}/${content.token}/`;
  const about = served === null ? "" : `${served.title}: `;
  invocation.print(`${about}open ${url} in a browser; Ctrl-C ends`, { url });
  await server.finished;
  signal.throwIfAborted();
}

/** Writes the page as a folder for any web server. */
async function written(
  invocation: Invocation,
  folder: string,
  page: Readonly<Record<string, PageFile>>,
): Promise<void> {
  await makeFolder(folder);
  for (const [name, { text }] of Object.entries(page)) {
    await writeText(join(folder, name), text);
  }
  const files = Object.keys(page);
  invocation.print(`Wrote ${files.join(", ")} to ${folder}`, { folder, files });
}

interface ServedData {
  readonly title: string;
  /** Path or address, for programs that read the same. */
  readonly name: string;
  /** Address, relative to the page. */
  readonly address: string;
  /** Archives by path below the page. */
  readonly archives: ReadonlyMap<string, ByteSource>;
}

async function servedData(
  named: string,
  signal: AbortSignal,
): Promise<ServedData> {
  const { dataSet, data } = await recognize(named, { signal });
  const { title } = DATA_SETS[dataSet];
  const name = shownName(data);
  const archives = isAddress(data)
    ? await remoteArchives(data, signal)
    : await localArchives(data);
  const [first = ""] = archives.keys();
  if (first === "" || first === `data/${CELL_LIST}`) {
    throw new DataNotFoundError(
      "Cannot serve the data: there are no zips, expected the data set as its " +
        "publisher packs it",
      { archive: name },
    );
  }
  const isFolder = archives.size > 1 && dataSet !== "wingert2026";
  return { title, name, address: isFolder ? "data/" : first, archives };
}

async function localArchives(
  data: string,
): Promise<ReadonlyMap<string, ByteSource>> {
  const act = "serve the data";
  const info = await findPath(act, data);
  const paths = info?.isFile
    ? [data, join(dirname(data), CELL_LIST)]
    : ARCHIVES.map((name) => join(data, name));
  const archives = new Map<string, ByteSource>();
  for (const path of paths) {
    const found = await findPath(act, path);
    if (!found?.isFile) continue;
    archives.set(served(basename(path)), fileSource(path, found.size));
  }
  return archives;
}

/**
 * Archives on a server, which the local server passes on: a page may read those of
 * other servers only if they permit it, and knows no account.
 */
async function remoteArchives(
  data: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ByteSource>> {
  const sender = new HttpSender();
  const addresses: readonly (readonly [name: string, address: string])[] =
    isFolderAddress(data)
      ? ARCHIVES.map((name) => [name, addressInFolder(data, name)])
      : [["archive.zip", data], [CELL_LIST, addressBeside(data, CELL_LIST)]];
  const archives = new Map<string, ByteSource>();
  for (const [name, address] of addresses) {
    try {
      const source = await openHttpSource(address, { sender, signal });
      archives.set(served(name), source);
    } catch (error) {
      if (!(error instanceof DataNotFoundError)) throw error;
    }
  }
  return archives;
}

/** Path below the page. */
function served(name: string): string {
  return `data/${encodeURIComponent(name)}`;
}

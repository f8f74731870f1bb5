import {
  download,
  type DownloadableDataset,
  type DownloadedFile,
  type DownloadProgress,
} from "../../download/mod.ts";
import type { CommonFlags, Invocation } from "../shared/invocation.ts";
import type { ProgressState } from "../shared/progress.ts";
import { bytesText } from "../shared/text.ts";

interface DownloadFlags extends CommonFlags {
  readonly files?: readonly string[];
  readonly concurrency?: number;
}

/** `rxephys download`: a data set's files, from its publisher. */
export async function fetchData(
  invocation: Invocation,
  { files, concurrency }: DownloadFlags,
  [dataset = "", dir]: readonly string[],
): Promise<void> {
  const progress = invocation.progress("bytes");
  const state = stateOf();
  try {
    const done = await download(dataset as DownloadableDataset, {
      signal: invocation.signal,
      onProgress: (report) => progress.update(state(report)),
      ...(dir !== undefined && { dir }),
      ...(files !== undefined && { files }),
      ...(concurrency !== undefined && { concurrency }),
    });
    progress.end();
    invocation.print(done.map(fileText).join("\n"), { dataset, files: done });
  } finally {
    progress.end();
  }
}

/** Makes states of progress; a change of a file's state is news. */
function stateOf(): (report: DownloadProgress) => ProgressState {
  const started = performance.now();
  const states = new Map<string, string>();
  return ({ file, state, bytesDone, bytesTotal, bytesFetched }) => {
    const isNews = states.get(file) !== state;
    states.set(file, state);
    const rate = bytesFetched / (performance.now() - started) * 1000;
    const speed = rate > 0 ? `${bytesText(rate)}/s, ` : "";
    return {
      done: bytesDone,
      total: bytesTotal,
      text: `${bytesText(bytesDone)} of ${bytesText(bytesTotal)}`,
      detail: `${speed}${file}: ${state}`,
      isNews,
    };
  };
}

function fileText({ path, bytes, wasThere }: DownloadedFile): string {
  return `${path} (${bytesText(bytes)}${wasThere ? ", was there" : ""})`;
}

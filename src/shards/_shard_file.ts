import type { GateTally, Session } from "../session.ts";
import { removeIfThere } from "../platform/files.ts";
import { type FormatWriter, SPILLS } from "../sinks/files/file_format.ts";
import { Recorder } from "../sinks/files/recorder.ts";
import type { ReadPresentation } from "../stream/read_sessions.ts";
import { fileSha256 } from "./file_sha256.ts";
import type { LoadedShardFormat } from "./shard_format.ts";

/** Description of a whole file. */
export interface WholeShard {
  readonly bytes: number;
  readonly sha256: string;
  readonly stimuli: number;
  readonly responses: number;
  readonly cells: number;
  readonly tally: GateTally;
}

/** Local file with the arrays of one session. Disposing of it removes it. */
export class ShardFile implements Disposable {
  readonly path: string;
  readonly #session: Session;
  readonly #writer: FormatWriter;
  readonly #recorder = new Recorder();

  private constructor(path: string, session: Session, writer: FormatWriter) {
    this.path = path;
    this.#session = session;
    this.#writer = writer;
    this.#recorder.begin(session);
  }

  /** Starts the file of a session. */
  static async start(
    path: string,
    session: Session,
    { format }: LoadedShardFormat,
  ): Promise<ShardFile> {
    return new ShardFile(path, session, await format.open(path, []));
  }

  /** Appends the arrays of one presentation. */
  async write(item: ReadPresentation): Promise<void> {
    await this.#writer.write(this.#recorder.record(item, this.#session));
  }

  /** Completes the file and describes it. */
  async finish(): Promise<WholeShard> {
    const recorder = this.#recorder;
    const bytes = await this.#writer.finish(recorder.ending());
    this.#writer[Symbol.dispose]();
    const { counts, tally } = recorder;
    return { bytes, sha256: await fileSha256(this.path), ...counts, tally };
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
    for (const spill of ["", ...SPILLS]) removeIfThere(this.path + spill);
  }
}

import { UnsupportedError } from "../errors.ts";
import { isClosedPipe } from "./files.ts";

/** Standard output or standard error. */
export interface Terminal {
  /** Whether a person sees it at once, not a file or a pipe. */
  readonly isTerminal: boolean;
  /** Width of a line; undefined if it is no terminal, or has none. */
  readonly columns: number | undefined;
  /** Writes a text; does nothing once the reader of a pipe has closed it. */
  write(text: string): void;
}

/** Name of a signal that asks a program to end. */
export type EndSignal = "SIGINT" | "SIGTERM";

/** Deno, whose process this is; a browser has none. */
function system(): typeof Deno {
  if (typeof Deno !== "undefined") return Deno;
  throw new UnsupportedError("Cannot run a command line here, expected Deno");
}

/** Standard output or standard error as a place for texts. */
export function terminal(name: "stdout" | "stderr"): Terminal {
  const stream = system()[name];
  const isTerminal = stream.isTerminal();
  const encoder = new TextEncoder();
  let isOpen = true;
  return {
    isTerminal,
    get columns(): number | undefined {
      return isTerminal
        ? system().consoleSize().columns || undefined
        : undefined;
    },
    write(text): void {
      const bytes = encoder.encode(text);
      try {
        for (let at = 0; isOpen && at < bytes.length;) {
          at += stream.writeSync(bytes.subarray(at));
        }
      } catch (error) {
        if (!isClosedPipe(error)) throw error;
        isOpen = false;
      }
    },
  };
}

/** Standard output as a stream of bytes. */
export function standardOutput(): WritableStream<Uint8Array> {
  return system().stdout.writable;
}

/**
 * Calls a function when the system or a user asks the program to end, which then
 * goes on until it ends by itself.
 *
 * @returns Stops the calls.
 */
export function onEndSignal(listener: (signal: EndSignal) => void): () => void {
  const { os } = system().build;
  const names = os === "windows"
    ? ["SIGINT"] as const
    : ["SIGINT", "SIGTERM"] as const;
  const listeners = names.map((name) => ({ name, call: () => listener(name) }));
  for (const { name, call } of listeners) {
    system().addSignalListener(name, call);
  }
  return () => {
    for (const { name, call } of listeners) {
      system().removeSignalListener(name, call);
    }
  };
}

/** Sets the exit code with which the program ends once nothing is left to do. */
export function setExitCode(code: number): void {
  system().exitCode = code;
}

/** Ends the program at once. */
export function exitNow(code: number): never {
  return system().exit(code);
}

import { succeeds } from "./succeeds.ts";

// A file system of 300 kB in a private name space, hidden from other processes.
const SMALL_DISK = 'mount -t tmpfs -o size=300k none "$1" || exit 9; ' +
  'folder=$1; shift; "$@"; code=$?; ls -A "$folder"; exit $code';
const UNSHARE = ["--user", "--map-root-user", "--mount"];

/** Whether small disks can be made: on Linux, with permission for name spaces. */
export const CAN_MOUNT: boolean = await succeeds(
  "unshare",
  smallDiskArgs(["true"], "/tmp"),
);

/** Result of {@linkcode onSmallDisk}. */
export interface SmallDiskRun {
  readonly code: number;
  /** What the command printed, line by line, and the names of the files it left. */
  readonly files: readonly string[];
  /** Its standard error. */
  readonly said: string;
}

/** Runs a command while a folder is a disk of 300 kB. */
export async function onSmallDisk(
  command: readonly string[],
  folder: string,
): Promise<SmallDiskRun> {
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: smallDiskArgs(command, folder),
    env: { NO_COLOR: "1" },
  }).output();
  return {
    code,
    files: new TextDecoder().decode(stdout).split("\n"),
    said: new TextDecoder().decode(stderr),
  };
}

function smallDiskArgs(command: readonly string[], folder: string): string[] {
  return [...UNSHARE, "sh", "-c", SMALL_DISK, "sh", folder, ...command];
}

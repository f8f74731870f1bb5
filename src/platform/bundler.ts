import { UnsupportedError } from "../errors.ts";

/**
 * Bundles modules for a browser by `deno bundle`: a minified file each, without
 * imports. Deno fetches its bundler once.
 *
 * @param entries Addresses of the modules, by the names of their bundles.
 * @throws {UnsupportedError} If this is a compiled program, which holds no bundler,
 * or the bundler fails.
 */
export async function bundledForBrowser<Name extends string>(
  entries: Readonly<Record<Name, string>>,
): Promise<Record<Name, string>> {
  if (Deno.build.standalone) {
    throw new UnsupportedError(
      "Cannot bundle the page here: this is a compiled program, expected " +
        "deno run or deno install",
    );
  }
  const bundles = Object.entries<string>(entries).map(async ([name, entry]) =>
    [name, await bundled(entry)] as const
  );
  return Object.fromEntries(await Promise.all(bundles)) as Record<Name, string>;
}

async function bundled(entry: string): Promise<string> {
  const isLocal = entry.startsWith("file:");
  const cwd = isLocal ? new URL(".", entry) : undefined;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--no-lock", "--platform", "browser"],
      // A module of a registry knows its packages; the user's map is not for it.
      ...["--minify", ...isLocal ? [] : ["--no-config"], entry],
    ],
    ...cwd && { cwd },
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  const [reason = ""] = decoder.decode(stderr).trim().split("\n");
  throw new UnsupportedError(`Cannot bundle the page: ${reason}`);
}

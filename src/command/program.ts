import { Argument, Command, Option } from "commander";
import { VERSION } from "../stream/fingerprint.ts";
import { terminal } from "../platform/process.ts";
import { numberOf, withCommonFlags, withReadFlags } from "./shared/flags.ts";
import { type Act, action, type CommonFlags } from "./shared/invocation.ts";

const DATA = "path, address, or name of a data set: crcns-ac1, wehr, asari, " +
  "wingert2026";
const QUEUE_HEADING = "Queue:";
const DOWNLOADS = ["crcns-ac1", "wingert2026"];

/** Those of `toShards`, which is loaded later. */
const SHARD_FORMATS = ["ndjson", "npz", "safetensors"];

const ALL_GROUPS = [
  ...["choice", "cleaning", "tensors", "form", "threads", "share"] as const,
];

const EXIT_CODES = `
Exit codes: 0 all is well; 1 data, files or a server; 2 the call is wrong;
130 interrupted by Ctrl-C, 143 by SIGTERM.`;

/** Runs a subcommand's module, which is loaded only now. */
function lazily<Flags extends CommonFlags>(
  load: () => Promise<Act<Flags>>,
): (...values: unknown[]) => Promise<void> {
  return action<Flags>(async (...all) => await (await load())(...all));
}

function lsCommand(): Command {
  const command = new Command("ls")
    .description(
      "list the sessions and cells of a data set; reads no recording",
    )
    .argument("<data>", DATA);
  return withReadFlags(command, ["choice", "share"])
    .action(lazily(async () => (await import("./run/ls.ts")).ls));
}

function infoCommand(): Command {
  const command = new Command("info")
    .description(
      "read every trial and count: stimuli, repeats, what the gate drops and why",
    )
    .argument("<data>", DATA)
    .argument("[session]", "one session, with a row for each of its stimuli");
  return withReadFlags(command, ["choice", "cleaning", "share"])
    .action(lazily(async () => (await import("./run/info.ts")).info));
}

function convertCommand(): Command {
  const command = new Command("convert")
    .description("write a data set's tensors to a file")
    .argument("<data>", DATA)
    .argument(
      "<out>",
      "file.ndjson, .npz, .safetensors or .zarr; - writes NDJSON to a pipe; " +
        "with --shards a folder or s3://bucket/prefix",
    )
    .addOption(
      new Option(
        "--shards <format>",
        "write a file a session to a place that other runs share",
      ).choices(SHARD_FORMATS),
    )
    .option("--merge", "merge the shards of a place, which <data> names")
    .option("--resume", "continue an interrupted run, and keep what is written")
    .option("--overwrite", "replace the file if it is there");
  return withReadFlags(command, ALL_GROUPS)
    .action(lazily(async () => (await import("./run/convert.ts")).convert));
}

function reportCommand(): Command {
  const command = new Command("report")
    .description(
      "write one HTML file about a data set: cells, responses, fields, the gate",
    )
    .argument("<data>", DATA)
    .argument("<out.html>", "the file, which opens without a network")
    .option("--overwrite", "replace the file if it is there")
    .option("--figures <n>", "cells of a session with figures (10)", numberOf)
    .option(
      "--no-fit",
      "fit no receptive fields, which takes most of the time",
    );
  return withReadFlags(command, ["choice", "cleaning", "tensors"])
    .action(lazily(async () => (await import("./run/report.ts")).report));
}

function exploreCommand(): Command {
  const command = new Command("explore")
    .description(
      "serve a page to look at a data set, to this machine alone",
    )
    .argument("[data]", `${DATA}; the page opens files without it`)
    .option("--port <n>", "port of the server (one that is free)", numberOf)
    .option("--write-page <dir>", "write the page for a web server instead");
  return withCommonFlags(command)
    .action(lazily(async () => (await import("./run/explore.ts")).explore));
}

function downloadCommand(): Command {
  const command = new Command("download")
    .description("fetch a data set from its publisher; resumes, checks MD5")
    .addArgument(new Argument("<dataset>", "data set").choices(DOWNLOADS))
    .argument("[dir]", "folder (its variable, or the cache folder)")
    .addOption(
      new Option(
        "--files <names...>",
        "only these files; wav.zip of wingert2026 only by its name",
      ),
    )
    .option("--concurrency <n>", "files at a time, 1 to 8 (2)", numberOf);
  return withCommonFlags(command)
    .action(lazily(async () => (await import("./run/download.ts")).fetchData));
}

function synthCommand(): Command {
  const command = new Command("synth")
    .description("make up a data set in the published layout")
    .addArgument(new Argument("<dataset>", "data set").choices(DOWNLOADS))
    .argument("<dir>", "folder, made if it is not there")
    .option("--seed <n>", "the same seed gives the same bytes (1)", numberOf)
    .option("--scale <size>", "tiny, small, medium, large, or MB (tiny)")
    .addOption(
      new Option("--response <model>", "CRCNS AC1: model of the cells (linear)")
        .choices(["linear", "nonlinear"]),
    )
    .option("--sounds", "wingert2026: also wav.zip, for waveforms");
  return withCommonFlags(command)
    .action(lazily(async () => (await import("./run/synth.ts")).synth));
}

/** Adds the flags that name a queue, and those of every subcommand. */
function withQueueFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--redis <url>",
        "redis://host:port (REDIS_URL, or this machine's)",
      ).helpGroup(QUEUE_HEADING),
    )
    .addOption(
      new Option("--queue <name>", "name of the queue (rxephys)")
        .helpGroup(QUEUE_HEADING),
    )
    .addOption(
      new Option("--wait <s>", "longest time without Redis (5; a worker 60)")
        .argParser(numberOf).helpGroup(QUEUE_HEADING),
    );
}

function submitCommand(): Command {
  const command = new Command("submit")
    .description(
      "queue the sessions of a data set, for workers to write as shards",
    )
    .argument("<data>", DATA)
    .argument("<place>", "folder, or s3://bucket/prefix, that workers reach")
    .addOption(
      new Option("--shards <format>", "format of the shards (npz)")
        .choices(["ndjson", "npz", "safetensors"]),
    )
    .option("--attempts <n>", "attempts that a session has (4)", numberOf)
    .option("--retry-failed", "queue sessions again that failed for good");
  return withReadFlags(
    withQueueFlags(command),
    ["choice", "cleaning", "tensors", "form"],
  ).action(lazily(async () => (await import("./run/submit.ts")).submit));
}

function workCommand(): Command {
  const command = new Command("work")
    .description("write sessions of the queue, until Ctrl-C or SIGTERM")
    .option("--threads <n>", "sessions at a time (one per core)", numberOf)
    .option("--until-empty", "end once no session is left")
    .option(
      "--lock <s>",
      "time after which others take a lost worker's sessions (30)",
      numberOf,
    )
    .option(
      "--hang <s>",
      "time without progress after which a session fails (600)",
      numberOf,
    );
  return withCommonFlags(withQueueFlags(command))
    .action(lazily(async () => (await import("./run/work.ts")).work));
}

function statusCommand(): Command {
  const command = new Command("status")
    .description("show how far the queue is")
    .option("--failed", "list the sessions that failed for good, and why")
    .option("--remove <run>", "take a run out of the queue; its shards stay");
  return withCommonFlags(withQueueFlags(command))
    .action(lazily(async () => (await import("./run/status.ts")).status));
}

function completionCommand(): Command {
  return new Command("completion")
    .description("print a script with which a shell completes this command")
    .addArgument(
      new Argument("<shell>", "shell").choices(["bash", "zsh", "fish"]),
    )
    .action(
      lazily(async () => (await import("./run/completion.ts")).completion),
    );
}

/** The command line; `program.parseAsync` runs a subcommand. */
export function commandLine(): Command {
  const [out, err] = [terminal("stdout"), terminal("stderr")];
  const program = new Command("rxephys")
    .description(
      "Auditory electrophysiology out of its archives: CRCNS AC1, Wingert 2026.",
    )
    .version(VERSION, "--version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      getOutHelpWidth: () => out.columns ?? 80,
      getErrHelpWidth: () => err.columns ?? 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpCommand(false)
    .addHelpText("after", EXIT_CODES);
  const commands = [
    lsCommand(),
    infoCommand(),
    convertCommand(),
    reportCommand(),
    exploreCommand(),
    downloadCommand(),
    synthCommand(),
    submitCommand(),
    workCommand(),
    statusCommand(),
    completionCommand(),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

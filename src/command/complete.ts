import type { Argument, Command, Option } from "commander";
import { DATA_SET_NAMES } from "../recipe/data_set.ts";

/** Line by which the scripts of the shells add names of files. */
const FILES = ":files";

/**
 * Answers a shell that asks how a line may go on: a word and its description on a
 * line each, and `:files` if names of files fit.
 *
 * @param program The command line.
 * @param args `--`, then the words of the line after the program's name; the last
 * one is what the user has typed of the next word.
 */
export function answerCompletion(
  program: Command,
  args: readonly string[],
): string {
  const words = args[0] === "--" ? args.slice(1) : args;
  const typed = words.at(-1) ?? "";
  const { candidates, isPath } = candidatesOf(
    program,
    words.slice(0, -1),
    typed,
  );
  const fitting = candidates.filter(([word]) => word.startsWith(typed));
  const lines = fitting.map(([word, about]) => `${word}\t${about}`);
  return [...lines, ...isPath ? [FILES] : []].map((line) => `${line}\n`)
    .join("");
}

interface Candidates {
  readonly candidates: readonly (readonly [word: string, about: string])[];
  readonly isPath?: boolean;
}

function candidatesOf(
  program: Command,
  before: readonly string[],
  typed: string,
): Candidates {
  const command = program.commands.find((one) => one.name() === before[0]);
  if (command === undefined) {
    if (typed.startsWith("-")) return flagsOf(program);
    return {
      candidates: program.commands.map((one) => [
        one.name(),
        one.description(),
      ]),
    };
  }
  const { options, registeredArguments } = command;
  const find = (word = ""): Option | undefined =>
    options.find(({ long, short }) => word === long || word === short);
  const open = find(before.at(-1));
  if (open?.required) return { candidates: choicesOf(open) };
  if (typed.startsWith("-")) return flagsOf(command);
  const given = before.slice(1).filter((word, at, all) =>
    !word.startsWith("-") && !find(all[at - 1])?.required
  );
  const argument = registeredArguments[given.length];
  if (argument === undefined) return { candidates: [] };
  const names = argument.name() === "data" ? DATA_SET_NAMES : [];
  return {
    candidates: [...choicesOf(argument), ...names.map(withoutText)],
    isPath: argument.argChoices === undefined && argument.name() !== "session",
  };
}

function flagsOf(command: Command): Candidates {
  const visible = command.createHelp().visibleOptions(command);
  return {
    candidates: visible.map(({ long, description }) => [
      long ?? "",
      description,
    ]),
  };
}

function choicesOf(
  { argChoices = [] }: Pick<Argument | Option, "argChoices">,
): [word: string, about: string][] {
  return argChoices.map(withoutText);
}

function withoutText(word: string): [word: string, about: string] {
  return [word, ""];
}

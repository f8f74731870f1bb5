import { assert, assertEquals } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";

const ROOT = new URL("../../", import.meta.url);
const page = await Deno.readTextFile(new URL("docs/from-deepstrf.md", ROOT));
const NAMES: Readonly<Record<string, readonly string[]>> = JSON.parse(
  await Deno.readTextFile(
    new URL("tests/fixtures/deepstrf_names.json", ROOT),
  ),
);

/** Cells of the rows of all tables. */
const rows = page.split("\n").filter((line) => /^\| /.test(line))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

/** Code in the text of a cell. */
function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

Deno.test("docs/from-deepstrf.md maps every public name of deepSTRF", () => {
  const mapped = new Set(rows.flatMap(([theirs = ""]) => codeOf(theirs)));
  for (const [place, names] of Object.entries(NAMES)) {
    const missing = names.filter((name) => !mapped.has(name));
    assertEquals(missing, [], place);
  }
});

/** What of `deno doc --json` is read. */
interface Doc {
  readonly nodes: Readonly<
    Record<string, { readonly symbols: readonly DocSymbol[] }>
  >;
}

interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly def: {
      readonly params?: unknown;
      readonly extends?: unknown;
      readonly methods?: readonly Member[];
      readonly properties?: readonly Member[];
    };
  }[];
}

interface Member {
  readonly name: string;
  readonly params?: unknown;
  readonly functionDef?: { readonly params?: unknown };
}

async function documented(): Promise<ReadonlyMap<string, DocSymbol>> {
  const modules = ["mod.ts", "src/figures/mod.ts", "src/models/mod.ts"];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...modules],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { nodes }: Doc = JSON.parse(new TextDecoder().decode(stdout));
  const symbols = Object.values(nodes).flatMap(({ symbols }) => symbols);
  // Of two with one name, that of the main entry point.
  return new Map(symbols.toReversed().map((symbol) => [symbol.name, symbol]));
}

const symbols = await documented();

/** Names of types that a part of the documentation refers to. */
function typesIn(part: unknown): string[] {
  const text = JSON.stringify(part ?? null);
  return [...text.matchAll(/"typeName":"([^"]+)"/g)].map(([, name = ""]) =>
    name
  );
}

/** Members of a class or an interface, inherited ones included. */
function membersOf(name: string, seen = new Set<string>()): Member[] {
  if (seen.has(name)) return [];
  seen.add(name);
  return (symbols.get(name)?.declarations ?? []).flatMap(({ def }) => {
    const bases = typeof def.extends === "string"
      ? [def.extends]
      : typesIn(def.extends);
    return [
      ...(def.methods ?? []),
      ...(def.properties ?? []),
      ...bases.flatMap((base) => membersOf(base, seen)),
    ];
  });
}

/** Names of the options that parameters take. */
function optionsOf(params: unknown): string[] {
  return typesIn(params).flatMap((type) =>
    membersOf(type).map(({ name }) => name)
  );
}

/** Faults of a piece of code such as `gate({ stepMv })` or `dataset.at(i)`. */
function faultsOf(code: string): string[] {
  const [, owner, name = "", list] =
    /^(?:(\w+)\.)?(\w+)(?:\(.*?(?:\{([^}]*)\})?\))?$/.exec(code) ?? [];
  if (name === "") return [`${code} is no name`];
  const type = owner === "dataset" ? "NeuralDataset" : owner;
  const member = type && membersOf(type).find((one) => one.name === name);
  const params = type === undefined
    ? symbols.get(name)?.declarations.map(({ def }) => def.params)
    : member && (member.params ?? member.functionDef?.params ?? []);
  if (params === undefined || (type && !member)) {
    return [`${code}: no such name`];
  }
  const options = optionsOf(params);
  return (list ?? "").split(",").map((option) => option.trim())
    .filter((option) => option !== "" && !options.includes(option))
    .map((option) => `${code}: no option ${option}`);
}

Deno.test("docs/from-deepstrf.md names only what exists", () => {
  const ours = rows.flatMap(([, ours = ""]) => codeOf(ours))
    .filter((code) => code !== "rxephys/figures");
  assert(ours.length > 70, `${ours.length} names`);
  assertEquals(ours.flatMap(faultsOf), []);
  assertEquals(faultsOf("gate({ stepMV })"), [
    "gate({ stepMV }): no option stepMV",
  ]);
  assertEquals(faultsOf("dataset.att(1)"), ["dataset.att(1): no such name"]);
  assertEquals(faultsOf("gates()"), ["gates(): no such name"]);
  assertEquals(itemAt(rows, 0).length, 3);
});

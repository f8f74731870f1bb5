import { writeSyntheticAc1 } from "rxephys/synthetic";
import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { type ExampleRun, runExample } from "./_run_example.ts";
import { itemAt } from "../support/item_at.ts";

const EXAMPLE = "training_loop.ts";

/** A release whose first cell is nonlinear. */
class Release implements AsyncDisposable {
  private constructor(readonly folder: string, readonly session: string) {}

  static async make(): Promise<Release> {
    const folder = await Deno.makeTempDir();
    const { wehr } = await writeSyntheticAc1(folder, {
      seed: 5,
      scale: 40,
      response: "nonlinear",
    });
    return new Release(folder, itemAt(Object.keys(wehr.cells), 0));
  }

  args(...more: readonly string[]): string[] {
    // Here a field of 50 ms is better than one of 100 ms, as it has fewer weights.
    const flags = ["--data", this.folder, "--session", this.session];
    return [...flags, "--history", "50", ...more];
  }

  /** Starts a run and kills it once it has printed a text. */
  async killedAt(text: string, more: readonly string[]): Promise<void> {
    await using child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", `examples/${EXAMPLE}`, ...this.args(...more)],
      cwd: decodeURIComponent(new URL("../../", import.meta.url).pathname),
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let printed = "";
    for await (
      const piece of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      printed += piece;
      if (printed.includes(text)) break;
    }
    child.kill("SIGKILL");
    assertStringIncludes(printed, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The scores of a part: linear, GRU. */
function scoresOf({ out }: ExampleRun, part: "val" | "test"): number[] {
  const match = out.match(
    new RegExp(`^${part} cc_norm: linear (\\S+), GRU (\\S+)$`, "m"),
  );
  return (match ?? []).slice(1).map(Number);
}

/** Epochs that were run, with the score of each. */
function epochsOf({ out }: ExampleRun): { epoch: number; score: number }[] {
  const lines = out.matchAll(/^epoch (\d+): loss \S+, val cc_norm (\S+) /gm);
  return [...lines].map(([, epoch, score]) => ({
    epoch: Number(epoch),
    score: Number(score),
  }));
}

Deno.test("examples/training_loop.ts", async (t) => {
  await using release = await Release.make();
  const whole = `${release.folder}/whole.json`;
  const killed = `${release.folder}/killed.json`;
  const epochs = ["--epochs", "20"];
  let run: ExampleRun;

  await t.step("beats the linear STRF on a nonlinear cell", async () => {
    run = await runExample(
      EXAMPLE,
      release.args(...epochs, "--checkpoint", whole),
    );
    assertEquals(run.code, 0, run.err);
    const [linear = NaN, gru = NaN] = scoresOf(run, "test");
    assert(linear > 0.5, run.out);
    assert(gru > linear + 0.1, run.out);
    assertEquals(epochsOf(run).map(({ epoch }) => epoch).at(-1), 20);
  });

  await t.step(
    "killed and resumed, the same numbers to the last bit",
    async () => {
      await release.killedAt("epoch 7:", [...epochs, "--checkpoint", killed]);
      const resumed = await runExample(
        EXAMPLE,
        release.args(...epochs, "--resume", killed),
      );
      assertEquals(resumed.code, 0, resumed.err);
      const { epoch } = itemAt(epochsOf(resumed), 0);
      assert(epoch > 6 && epoch < 20, resumed.out);
      const from = run.out.indexOf(`epoch ${epoch}:`);
      assertEquals(
        resumed.out.slice(resumed.out.indexOf("epoch")),
        run.out.slice(from),
      );
      assertEquals(
        await Deno.readTextFile(killed),
        await Deno.readTextFile(whole),
      );
    },
  );

  await t.step("a finished run resumes to its result", async () => {
    const again = await runExample(
      EXAMPLE,
      release.args(...epochs, "--resume", whole),
    );
    assertEquals(epochsOf(again), []);
    assertEquals(scoresOf(again, "test"), scoresOf(run, "test"));
  });

  await t.step("stops early, with the weights of the best epoch", async () => {
    // A rate so large that training diverges.
    const flags = ["--rate", "0.3", "--patience", "2", "--epochs", "40"];
    const thrown = await runExample(EXAMPLE, release.args(...flags));
    const seen = epochsOf(thrown);
    const scores = seen.map(({ score }) => score);
    const best = Math.max(...scores);
    assertEquals(scores.indexOf(best), scores.length - 3, thrown.out);
    assert(scores.length < 40);
    assertEquals(
      itemAt(scoresOf(thrown, "val"), 1).toFixed(2),
      best.toFixed(2),
    );
  });

  await t.step(
    "refuses a checkpoint of another run, or a missing one",
    async () => {
      const cases = [
        [["--resume", whole, "--rate", "0.02"], "rate is not as in"],
        [["--resume", `${release.folder}/no.json`], "no.json is not there"],
        [["--resume", `${release.folder}/crcns-ac1.zip`], "cannot be read"],
      ] as const;
      for (const [flags, message] of cases) {
        const { code, err } = await runExample(EXAMPLE, release.args(...flags));
        assertEquals(code, 1);
        assertStringIncludes(err, "error: Cannot resume: ");
        assertStringIncludes(err, message);
      }
    },
  );
});

Deno.test("examples/training_loop.ts: --help and bad flags show the usage", async () => {
  const help = await runExample(EXAMPLE, ["--help"]);
  assertEquals(help.code, 0);
  assertStringIncludes(help.out, "--resume FILE");
  const { code, err } = await runExample(EXAMPLE, ["--epochs", "many"]);
  assertEquals(code, 2);
  assertStringIncludes(err, 'error: --epochs is "many"');
});

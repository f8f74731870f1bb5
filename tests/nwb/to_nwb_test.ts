import { OutputError, type Session, sessionsFrom } from "rxephys";
import { type NwbDescription, toNwb } from "rxephys/nwb";
import {
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  take,
} from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const TONE = {
  key: "tone",
  waveform: {
    samples: Float32Array.from({ length: 441 }, (_, i) => Math.sin(i / 9)),
    rateHz: 44_100,
  },
};

function recordings(...ids: string[]): Observable<Session> {
  return sessionsFrom(ids.map((id, at) => ({
    id,
    cells: [{ cellId: id, recordingType: "whole-cell" }],
    presentations: [{
      stimulus: TONE,
      traces: { repeats: [[[at, 1, 2], [3, 4, 5]]], rateHz: 1000 },
    }],
  })));
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder));
  return names.map(({ name }) => name).sort();
}

Deno.test("toNwb: writes one file a session, and sums up", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/deep/nwb`;
    const summary = await lastValueFrom(
      recordings("a", "b/c", "b:c", "..d").pipe(toNwb(path)),
    );
    const names = ["_d.nwb", "a.nwb", "b_c-2.nwb", "b_c.nwb"];
    assertEquals(await namesIn(path), [...names, "rxephys-nwb.journal"]);
    let bytes = 0;
    for (const name of names) {
      bytes += (await Deno.stat(`${path}/${name}`)).size;
    }
    assertEquals(summary, {
      path: await Deno.realPath(path),
      bytes,
      files: 4,
      stimuli: 1,
      responses: 4,
      cells: 4,
      tally: { range: 0, step: 0, xcorr: 0, kept: 0 },
    });
  });
});

Deno.test("toNwb: refuses a file that exists, and replaces it if it may", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.nwb`, "notes");
    await assertRejects(
      () => lastValueFrom(recordings("a").pipe(toNwb(folder))),
      OutputError,
      "Cannot write NWB: it exists, expected another folder, overwrite: true, " +
        `or resume: true for the run that wrote it (file "${folder}/a.nwb")`,
    );
    assertEquals(await Deno.readTextFile(`${folder}/a.nwb`), "notes");
    const sink = toNwb(folder, { overwrite: true });
    await lastValueFrom(recordings("a").pipe(sink));
    const start = (await Deno.readFile(`${folder}/a.nwb`)).subarray(1, 4);
    assertEquals(new TextDecoder().decode(start), "HDF");
  });
});

Deno.test("toNwb: an error leaves whole files only; resume goes on after them", async () => {
  await inFolder(async (folder) => {
    const broken = recordings("a", "b").pipe(
      map((session) =>
        session.id === "a" ? session : {
          ...session,
          presentations: async (options) => {
            const [first] = await session.presentations(options);
            if (first === undefined) return [];
            const read = () => Promise.reject(new RangeError("no data"));
            return [first, { ...first, read }];
          },
        } satisfies Session
      ),
    );
    await assertRejects(
      () => lastValueFrom(broken.pipe(toNwb(folder))),
      RangeError,
      "no data",
    );
    assertEquals(await namesIn(folder), ["a.nwb", "rxephys-nwb.journal"]);
    const before = await Deno.readFile(`${folder}/a.nwb`);

    const all = recordings("a", "b");
    const sink = toNwb(folder, { resume: true });
    const { files } = await lastValueFrom(all.pipe(sink));
    assertEquals(files, 2);
    assertEquals(await namesIn(folder), [
      ...["a.nwb", "b.nwb", "rxephys-nwb.journal"],
    ]);
    assertEquals(await Deno.readFile(`${folder}/a.nwb`), before);
    await assertRejects(
      () => lastValueFrom(recordings("a", "c").pipe(sink)),
      OutputError,
      "Cannot resume: the archive is another one",
    );
    await assertRejects(
      () => lastValueFrom(all.pipe(take(1), sink)),
      OutputError,
      'Cannot resume: the stream ends before session "b", which was written before',
    );
    const packed = toNwb(folder, { resume: true, compression: "gzip" });
    await assertRejects(
      () => lastValueFrom(all.pipe(packed)),
      OutputError,
      "Cannot resume: it was begun as NWB, none, expected NWB, gzip",
    );
  });
});

Deno.test("toNwb: resume refuses another description, by its field", async () => {
  await inFolder(async (folder) => {
    const write = (description: NwbDescription): Promise<unknown> =>
      lastValueFrom(
        recordings("a", "b").pipe(
          toNwb(folder, { resume: true, describe: () => description }),
        ),
      );
    const described = {
      lab: "A lab",
      experimenters: ["Doe, Jane"],
      subject: { age: "P90D" },
    };
    const summary = await write(described);
    assertEquals(await write(described), summary);
    for (
      const [other, difference] of [
        [{ ...described, lab: "B lab" }, "lab was A lab, is B lab"],
        [
          { ...described, experimenters: [] },
          'experimenters was ["Doe, Jane"], is []',
        ],
        [
          { ...described, subject: { age: "P91D" } },
          "subject.age was P90D, is P91D",
        ],
        [
          { ...described, startTime: new Date(1e12) },
          "startTime was 1970-01-01T00:00:00.000Z, is 2001-09-09T01:46:40.000Z",
        ],
      ] as const
    ) {
      await assertRejects(
        () => write(other),
        OutputError,
        `Cannot resume: describe's ${difference} (file "${folder}/a.nwb")`,
      );
    }
  });
});

Deno.test("toNwb: resume names a file whose run was killed before it did", async () => {
  await inFolder(async (folder) => {
    const write = (): Promise<unknown> =>
      lastValueFrom(
        recordings("a", "b").pipe(toNwb(folder, { resume: true })),
      );
    const first = await write();
    const bytes = await Deno.readFile(`${folder}/b.nwb`);
    await Deno.rename(`${folder}/b.nwb`, `${folder}/b.nwb.part`);
    assertEquals(await write(), first);
    assertEquals(await Deno.readFile(`${folder}/b.nwb`), bytes);

    await Deno.writeFile(`${folder}/b.nwb`, bytes.with(500, 1));
    await assertRejects(
      write,
      OutputError,
      "Cannot resume: its bytes are not those that were written, write it anew",
    );
    await Deno.remove(`${folder}/b.nwb`);
    await assertRejects(write, OutputError, "Cannot resume");
  });
});

Deno.test("toNwb: leaving removes the file begun and frees the folder", async () => {
  await inFolder(async (folder) => {
    const reading = Promise.withResolvers<void>();
    const never = recordings("a").pipe(map((session) => ({
      ...session,
      presentations: async () => {
        const [first] = await session.presentations();
        if (first === undefined) return [];
        const read: typeof first.read = ({ signal } = {}) => {
          reading.resolve();
          return new Promise((_, reject) =>
            signal?.addEventListener("abort", () => reject(signal.reason))
          );
        };
        return [first, { ...first, read }];
      },
    })));
    const subscription = never.pipe(toNwb(folder)).subscribe();
    await reading.promise;
    subscription.unsubscribe();
    while ((await namesIn(folder)).length > 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const sink = toNwb(folder);
    assertEquals((await firstValueFrom(recordings("a").pipe(sink))).files, 1);
  });
});

Deno.test("toNwb: refuses a folder that another run writes", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/rxephys-nwb.journal`;
    await Deno.writeTextFile(path, "notes");
    await assertRejects(
      () => lastValueFrom(recordings("a").pipe(toNwb(folder))),
      OutputError,
      "Cannot write NWB: a file is in the way that no sink wrote",
    );
    await Deno.remove(path);
    using file = await Deno.open(path, { create: true, write: true });
    await file.lock(true);
    await assertRejects(
      () => lastValueFrom(recordings("a").pipe(toNwb(folder))),
      OutputError,
      "Cannot write NWB: another process writes it",
    );
  });
});

Deno.test("toNwb: refuses a description that is wrong, by its field", async () => {
  await inFolder(async (folder) => {
    const described = (description: unknown): Promise<unknown> =>
      lastValueFrom(
        recordings("a").pipe(
          toNwb(folder, { describe: () => description as never }),
        ),
      );
    for (
      const [description, errorClass, message] of [
        [
          { labs: "x" },
          RangeError,
          "Cannot write NWB: there is no option labs, expected lab",
        ],
        [
          { startTime: new Date(NaN) },
          RangeError,
          "Cannot write NWB: startTime is Invalid Date, expected a date",
        ],
        [
          { subject: { age: 5 } },
          TypeError,
          "Cannot write NWB: subject.age is 5, expected text",
        ],
        [
          { keywords: ["a", 1] },
          TypeError,
          "Cannot write NWB: keywords[1] is 1, expected text",
        ],
      ] as const
    ) {
      await assertRejects(() => described(description), errorClass, message);
    }
    assertEquals(await namesIn(folder), ["rxephys-nwb.journal"]);
  });
});

Deno.test("toNwb: refuses bad options at the call", () => {
  assertThrows(
    () => toNwb(""),
    TypeError,
    "Cannot write NWB: path is empty, expected a path",
  );
  assertThrows(
    () => toNwb("x", { compression: "zip" as "gzip" }),
    RangeError,
    "Cannot write NWB: compression is zip, expected gzip or none",
  );
  assertThrows(
    () => toNwb("x", { describe: 1 as never }),
    TypeError,
    "Cannot write NWB: describe is 1, expected a function",
  );
  assertThrows(
    () => toNwb("x", { lab: "x" } as never),
    RangeError,
    "Cannot write NWB: there is no option lab, expected",
  );
});

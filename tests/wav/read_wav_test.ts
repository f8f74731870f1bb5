import { DataNotFoundError, FormatError, RecordingError } from "rxephys";
import { readWav, type ReadWavOptions } from "rxephys/wav";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { wavFile, type WavForm } from "../support/wav_file.ts";

const KINDS: readonly (readonly [string, WavForm, number[]])[] = [
  [
    "8 bits",
    { bits: 8, data: Uint8Array.of(0, 127, 128, 255) },
    [-1, -1 / 128, 0, 127 / 128],
  ],
  [
    "16 bits",
    { bits: 16, data: Int16Array.of(-32768, -1, 0, 1, 32767) },
    [-1, -1 / 32768, 0, 1 / 32768, 32767 / 32768],
  ],
  [
    "24 bits",
    {
      bits: 24,
      data: Uint8Array.of(0, 0, 128, 255, 255, 255, 1, 0, 0),
    },
    [-1, -1 / 8388608, 1 / 8388608],
  ],
  [
    "32 bits",
    { bits: 32, data: Int32Array.of(-(2 ** 31), 2 ** 30) },
    [-1, 0.5],
  ],
  [
    "floats of 32 bits",
    { bits: 32, format: 3, data: Float32Array.of(-1.5, 0.25) },
    [-1.5, 0.25],
  ],
  [
    "floats of 64 bits",
    { bits: 64, format: 3, data: Float64Array.of(-1.5, 0.25) },
    [-1.5, 0.25],
  ],
  [
    "the extensible format",
    { bits: 16, format: 0xfffe, data: Int16Array.of(16384, -8192) },
    [0.5, -0.25],
  ],
];

for (const [name, form, expected] of KINDS) {
  Deno.test(`readWav: reads ${name}`, async () => {
    const { samples, rateHz } = await readWav(wavFile(form));
    assertEquals([...samples], expected);
    assertEquals(rateHz, 97_656);
  });
}

Deno.test("readWav: the mean of all channels", async () => {
  const mean = async (form: WavForm): Promise<number[]> => [
    ...(await readWav(wavFile(form), { channel: "mean" })).samples,
  ];
  const data = Int16Array.of(16384, 8192, -32768, 32767, 3, 0);
  assertEquals(await mean({ bits: 16, channels: 2, data }), [
    ...[0.375, -1 / 65536, 1.5 / 32768],
  ]);
  assertEquals(await mean({ bits: 16, channels: 3, data }), [
    ...[Math.fround(-8192 / 3 / 32768), Math.fround(32770 / 3 / 32768)],
  ]);
  assertEquals(await mean({ bits: 16, data: data.subarray(0, 2) }), [
    0.5,
    0.25,
  ]);
});

const SMALL = { bits: 16, data: Int16Array.of(1, 2, 3, 4) } as const;

Deno.test("readWav: a path, a File, a Blob and bytes are the same", () =>
  inFolder(async (folder) => {
    const bytes = wavFile(SMALL);
    const path = `${folder}/a.wav`;
    await Deno.writeFile(path, bytes);
    const expected = await readWav(bytes);
    for (const file of [path, new File([bytes], "a.wav"), new Blob([bytes])]) {
      assertEquals(await readWav(file), expected);
    }
  }));

Deno.test("readWav: other chunks are skipped", async () => {
  const expected = await readWav(wavFile(SMALL));
  assertEquals(await readWav(wavFile({ ...SMALL, list: "INFO" })), expected);
});

Deno.test("readWav: one channel of several", async () => {
  const stereo = wavFile({ ...SMALL, channels: 2 });
  const { samples } = await readWav(stereo, { channel: 1 });
  assertEquals([...samples], [2 / 32768, 4 / 32768]);
  for (const channel of [undefined, 2]) {
    const options = channel === undefined ? {} : { channel };
    await assertRejects(
      () => readWav(new File([stereo], "two.wav"), options),
      RangeError,
      `Cannot read WAV: channel is ${channel}, expected 0 to 1 (file "two.wav")`,
    );
  }
});

const BAD: readonly (readonly [string, Uint8Array<ArrayBuffer>, string])[] = [
  ["nothing", new Uint8Array(0), "Cannot read WAV: "],
  ["another format", new TextEncoder().encode("OggS0000"), "Cannot read WAV: "],
  [
    "a file that is cut short",
    wavFile({ bits: 16, data: new Int16Array(500) }).slice(0, 600),
    "Cannot read WAV: ",
  ],
  [
    "no samples",
    wavFile({ bits: 16, data: new Int16Array(0) }),
    "Cannot read WAV: it holds no samples",
  ],
  [
    "compressed sound",
    wavFile({ bits: 4, format: 0x11, data: new Uint8Array(64) }),
    "Cannot read WAV: ",
  ],
];

for (const [name, bytes, message] of BAD) {
  Deno.test(`readWav: refuses ${name}, and names the file`, async () => {
    const error = await assertRejects(
      () => readWav(new File([bytes], "bad.wav")),
      FormatError,
      message,
    );
    assertEquals(error.archive, "bad.wav");
  });
}

Deno.test("readWav: refuses every cut of a file by class", async () => {
  const whole = wavFile(SMALL);
  for (let length = 0; length < whole.length; length++) {
    await assertRejects(() => readWav(whole.slice(0, length)), FormatError);
  }
});

Deno.test("readWav: refuses samples that are not finite", async () => {
  const data = Float32Array.of(0, NaN);
  await assertRejects(
    () => readWav(wavFile({ bits: 32, format: 3, data })),
    RecordingError,
    "Cannot read WAV: sample 1 is NaN, expected a magnitude below 1000000000",
  );
  await assertRejects(
    () =>
      readWav(wavFile({
        ...{ bits: 64, format: 3 },
        data: Float64Array.of(0, 1, -1e9),
      })),
    RecordingError,
    "Cannot read WAV: sample 2 is -1000000000, expected a magnitude below " +
      "1000000000",
  );
});

for (const rateHz of [0, 10, 4e9]) {
  Deno.test(`readWav: refuses a rate of ${rateHz} Hz`, async () => {
    const data = Int16Array.of(1, 2);
    await assertRejects(
      () => readWav(wavFile({ bits: 16, rateHz, data })),
      RecordingError,
      `Cannot read WAV: its rate is ${rateHz}, expected 1000 to 1000000 Hz`,
    );
  });
}

Deno.test("readWav: a path where nothing is names the path", async () => {
  const error = await assertRejects(
    () => readWav("/nonexistent/a.wav"),
    DataNotFoundError,
    "Cannot read WAV: nothing is at the path",
  );
  assertEquals(error.archive, "/nonexistent/a.wav");
});

Deno.test("readWav: refuses bad calls", async () => {
  await assertRejects(
    () => readWav(7 as unknown as string),
    TypeError,
    "Cannot read WAV: file is 7, expected a path, a File, a Blob or bytes",
  );
  await assertRejects(
    () => readWav(wavFile(SMALL), { channels: 1 } as ReadWavOptions),
    RangeError,
    "Cannot read WAV: there is no option channels, expected channel",
  );
  await assertRejects(
    () => readWav(wavFile(SMALL), { channel: 0.5 }),
    RangeError,
    "Cannot read WAV: channel is 0.5, expected a whole number",
  );
  const signal = AbortSignal.abort(new Error("left"));
  const error = await readWav(wavFile(SMALL), { signal }).catch((e) => e);
  assertEquals(String(error), "Error: left");
});

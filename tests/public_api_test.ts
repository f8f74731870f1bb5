import * as rxephys from "rxephys";
import { assertEquals } from "./_assert.ts";

Deno.test("the public names are these", () => {
  assertEquals(Object.keys(rxephys).sort(), [
    "ArchiveError",
    "DataError",
    "DataNotFoundError",
    "FormatError",
    "LimitError",
    "NeuralDataset",
    "RecordingError",
    "UnsupportedError",
    "WEHR_NEURONS_SPLIT_NATURAL",
    "WEHR_VALID_NEURONS",
    "asari",
    "bin",
    "concatDatasets",
    "crcnsAc1",
    "crcnsAc1Pipeline",
    "dataFolder",
    "detrend",
    "gate",
    "mapResponses",
    "mask",
    "signal",
    "smooth",
    "spectrogram",
    "splitStimuli",
    "toDataset",
    "toNdjson",
    "wehr",
    "writeSyntheticAc1",
  ]);
});

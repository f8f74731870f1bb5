import * as rxephys from "rxephys";
import * as figures from "rxephys/figures";
import * as nwb from "rxephys/nwb";
import * as shards from "rxephys/shards";
import { assertEquals } from "./support/assert.ts";

Deno.test("the public names are these", () => {
  assertEquals(Object.keys(rxephys).sort(), [
    "ArchiveError",
    "CredentialError",
    "DEFAULT_LIMITS",
    "DataError",
    "DataNotFoundError",
    "DownloadError",
    "FitError",
    "FormatError",
    "LimitError",
    "NeuralDataset",
    "OutputError",
    "RecordingError",
    "UnsupportedError",
    "WEHR_NEURONS_SPLIT_NATURAL",
    "WEHR_VALID_NEURONS",
    "WorkerError",
    "asari",
    "bin",
    "ccmax",
    "coherence",
    "concatDatasets",
    "corrcoef",
    "crcnsAc1",
    "crcnsAc1Pipeline",
    "dataFolder",
    "detrend",
    "download",
    "eachSession",
    "fve",
    "gate",
    "keepCells",
    "keepPresentations",
    "keepSessions",
    "mapResponses",
    "mapStimuli",
    "mask",
    "mseLoss",
    "noisePower",
    "normalize",
    "normalizeResponses",
    "normalizedCorrcoef",
    "parallel",
    "pipeline",
    "poissonLoss",
    "randomSplit",
    "readDataset",
    "sessionsFrom",
    "shard",
    "shuffleBuffer",
    "signal",
    "signalPower",
    "smooth",
    "snr",
    "spectrogram",
    "splitStimuli",
    "standardizeStims",
    "toAsyncIterable",
    "toDataset",
    "toNdjson",
    "toNpz",
    "toSafetensors",
    "toZarr",
    "wehr",
    "wehrSplit",
    "wingert2026",
    "wingert2026Cells",
    "wingert2026Pipeline",
  ]);
});

Deno.test("the public names of figures are these", () => {
  assertEquals(Object.keys(figures).sort(), [
    "Figure",
    "plotCoverage",
    "plotHistogram",
    "plotPsthVsPrediction",
    "plotScatter",
    "plotSpectrogram",
    "plotStimulusResponse",
    "plotStrf",
    "plotStrfGrid",
    "plotTrials",
    "plotVm",
    "stackFigures",
  ]);
});

Deno.test("the public names of NWB are these", () => {
  assertEquals(Object.keys(nwb).sort(), ["nwb", "toNwb"]);
});

Deno.test("the public names of shards are these", () => {
  assertEquals(Object.keys(shards).sort(), ["mergeShards", "toShards"]);
});

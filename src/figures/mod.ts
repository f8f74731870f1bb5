/**
 * Figures: stimuli, responses and fits as SVG and PNG.
 *
 * @module
 */

export { Figure, type FigureParts } from "./figure.ts";
export type { PngOptions } from "./png/render_png.ts";
export { stackFigures, type StackOptions } from "./stack_figures.ts";
export type { FigureOptions, TimeOptions } from "./figure_options.ts";
export type { ResponseInput } from "./panels/repeats.ts";
export type { Scheme } from "./draw/palettes.ts";
export {
  plotSpectrogram,
  type SpectrogramOptions,
} from "./plot_spectrogram.ts";
export type { SpectrogramLook } from "./panels/spectrogram_panel.ts";
export { plotTrials } from "./plot_trials.ts";
export { plotStrf, type StrfOptions } from "./plot_strf.ts";
export { plotStrfGrid, type StrfGridOptions } from "./plot_strf_grid.ts";
export type { StrfInput } from "./panels/strf_panel.ts";
export {
  plotStimulusResponse,
  type StimulusResponseOptions,
} from "./plot_stimulus_response.ts";
export {
  plotPsthVsPrediction,
  type PsthVsPredictionOptions,
} from "./plot_psth_vs_prediction.ts";
export type { Prediction } from "./panels/prediction.ts";
export { plotVm, type VmOptions } from "./plot_vm.ts";
export { type HistogramOptions, plotHistogram } from "./plot_histogram.ts";
export { plotScatter, type ScatterOptions } from "./plot_scatter.ts";
export { type CoverageInput, plotCoverage } from "./plot_coverage.ts";

/** Options of the chain that the page changes while it shows a response. */
export interface Settings {
  readonly medianMs: number;
  readonly gaussMs: number;
  readonly maxAbsMv: number;
  readonly stepMv: number;
  readonly maxStepFraction: number;
  readonly minCorrelation: number;
  readonly dtMs: number;
  readonly fminHz: number;
  readonly fmaxHz: number;
  readonly bandsPerOctave: number;
}

/** The defaults of the chain for CRCNS AC1. */
export const DEFAULTS: Settings = {
  medianMs: 100,
  gaussMs: 10,
  maxAbsMv: 150,
  stepMv: 30,
  maxStepFraction: 0.005,
  minCorrelation: 0.05,
  dtMs: 5,
  fminHz: 100,
  fmaxHz: 45_000,
  bandsPerOctave: 6,
};

/** A slider of the page. */
export interface Control {
  readonly name: keyof Settings;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Whether the slider is in octaves, not in the unit. */
  readonly isLog?: boolean;
}

/** Sliders under a heading. */
export interface ControlGroup {
  readonly title: string;
  readonly controls: readonly Control[];
}

/** The sliders, in the order of the chain. */
export const CONTROL_GROUPS: readonly ControlGroup[] = [
  {
    title: "Drift",
    controls: [
      control("medianMs", "Median window", "ms", 10, 1000, 10),
      control("gaussMs", "Gaussian", "ms", 1, 100, 1),
    ],
  },
  {
    title: "Gate",
    controls: [
      control("maxAbsMv", "Greatest magnitude", "mV", 5, 200, 5),
      control("stepMv", "Step", "mV", 1, 60, 1),
      control("maxStepFraction", "Share in a step", "", 0, 0.1, 0.001),
      control("minCorrelation", "Least correlation", "", -0.2, 0.9, 0.01),
    ],
  },
  {
    title: "Bins and bands",
    controls: [
      control("dtMs", "Bin width", "ms", 1, 50, 1),
      { ...control("fminHz", "Lowest band", "Hz", 50, 3200, 0.5), isLog: true },
      {
        ...control("fmaxHz", "Highest band", "Hz", 5625, 45_000, 0.5),
        isLog: true,
      },
      control("bandsPerOctave", "Bands per octave", "", 1, 24, 1),
    ],
  },
];

function control(
  name: keyof Settings,
  label: string,
  unit: string,
  min: number,
  max: number,
  step: number,
): Control {
  return { name, label, unit, min, max, step };
}

/** The settings that differ from the defaults. */
export function changedSettings(settings: Settings): Partial<Settings> {
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) =>
      DEFAULTS[name as keyof Settings] !== value
    ),
  );
}

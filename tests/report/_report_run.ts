/** Reports on sessions of noise: `_report_run.ts SESSIONS`; prints the peak memory. */
import { writeReport } from "../../src/report/write_report.ts";
import { peakRss } from "../support/peak_rss.ts";
import { noiseSessions } from "../support/sessions/noise_sessions.ts";

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    await writeReport(`${folder}/a.html`, {
      title: "Noise",
      data: "nowhere",
      sessions: noiseSessions({
        sessions: Number(Deno.args[0]),
        presentations: 4,
        cells: 4,
        repeats: 10,
        bands: 53,
        bins: 3000,
      }),
      program: "",
      command: "",
      warnings: () => [],
    }, { overwrite: false, figures: 1, fit: false, onProgress: () => {} });
    console.log(peakRss());
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

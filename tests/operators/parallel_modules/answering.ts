import type { Presentation, ReadOptions, Session, Trials } from "rxephys";
import { type Observable, of } from "rxjs";

const TRIALS: Trials = {
  responses: [{
    repeats: [Float32Array.of(1, 2)],
    scale: 1,
    rateHz: 200,
    dtMs: 5,
    kind: "subthresh",
  }],
  tally: { range: 0, step: 0, xcorr: 0, kept: 1 },
};

/** A session with one presentation, whose trials the given function reads. */
export default function answering(
  _name: string,
  read: (options?: ReadOptions) => Promise<Trials> = () =>
    Promise.resolve(TRIALS),
): Observable<Session> {
  const presentation: Presentation = {
    stimulus: {
      key: "a",
      meta: {},
      durationMs: 10,
      read: () =>
        Promise.resolve({
          data: Float32Array.of(3, 4),
          shape: [1, 1, 2],
          dtMs: 5,
        }),
    },
    read,
  };
  return of({
    id: "x",
    cells: [{}],
    presentations: () => Promise.resolve([presentation]),
  });
}

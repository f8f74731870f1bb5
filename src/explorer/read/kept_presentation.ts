import { firstValueFrom, type MonoTypeOperatorFunction, of } from "rxjs";
import type { ReadOptions } from "../../base/abort.ts";
import type { Presentation, Session } from "../../session.ts";

/** One presentation in its session, read once by however many chains. */
export interface KeptPresentation {
  readonly session: Session;
  readonly presentation: Presentation;
}

/** The presentation, whose reads keep their results; failed ones are not kept. */
export function keptPresentation(
  session: Session,
  { stimulus, ...presentation }: Presentation,
): KeptPresentation {
  const kept: Presentation = {
    ...presentation,
    read: once((options) => presentation.read(options)),
    stimulus: { ...stimulus, read: once((options) => stimulus.read(options)) },
  };
  return { session: singleSession(session, kept), presentation: kept };
}

/** The presentation behind operators, and again kept. */
export async function derived(
  { session }: KeptPresentation,
  ...operators: readonly MonoTypeOperatorFunction<Session>[]
): Promise<KeptPresentation> {
  const stream = operators.reduce(
    (sessions, operator) => sessions.pipe(operator),
    of(session),
  );
  const made = await firstValueFrom(stream);
  const [presentation] = await made.presentations();
  if (presentation === undefined) throw new Error("the presentation is lost");
  return keptPresentation(made, presentation);
}

/** The presentation with the stimulus of another one. */
export function withStimulusOf(
  { session, presentation }: KeptPresentation,
  { presentation: { stimulus } }: KeptPresentation,
): KeptPresentation {
  const joined = { ...presentation, stimulus };
  return { session: singleSession(session, joined), presentation: joined };
}

function singleSession(session: Session, presentation: Presentation): Session {
  return { ...session, presentations: () => Promise.resolve([presentation]) };
}

function once<Result>(
  read: (options?: ReadOptions) => Promise<Result>,
): (options?: ReadOptions) => Promise<Result> {
  let kept: { readonly result: Result } | undefined;
  return async (options) => {
    kept ??= { result: await read(options) };
    return kept.result;
  };
}

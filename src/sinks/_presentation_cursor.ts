import type { Observable, Subscription } from "rxjs";
import type { ReadAhead } from "../stream/read_ahead.ts";
import type { Presentation, Session } from "../session.ts";

/** Presentation and its session. */
export interface SessionPresentation {
  readonly session: Session;
  readonly presentation: Presentation;
}

/**
 * Pulls the presentations of a stream one by one. Session handles are queued as
 * they arrive; the presentations of a session are listed when its turn comes.
 */
export class PresentationCursor {
  readonly #signal: AbortSignal;
  readonly #subscription: Subscription;
  readonly #sessions: Session[] = [];
  #listed: SessionPresentation[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #end: { readonly error?: unknown } | null = null;
  #changed = Promise.withResolvers<void>();

  constructor(
    sessions: Observable<Session>,
    ahead: ReadAhead,
    signal: AbortSignal,
  ) {
    this.#signal = signal;
    this.#subscription = sessions.subscribe({
      next: (session) => {
        this.#sessions.push(session);
        ahead.announce(session);
        this.#wake();
      },
      error: (error) => this.#finish({ error }),
      complete: () => this.#finish({}),
    });
  }

  /** Next presentation; null after the last. Calls are served in order. */
  next(): Promise<SessionPresentation | null> {
    const next = this.#turn.then(() => this.#advance());
    // Calls after a failed one fail as well.
    this.#turn = next;
    next.catch(() => {});
    return next;
  }

  /** Unsubscribes from the stream. */
  end(): void {
    this.#subscription.unsubscribe();
    this.#finish({});
  }

  async #advance(): Promise<SessionPresentation | null> {
    while (this.#listed.length === 0) {
      const session = await this.#nextSession();
      if (session === undefined) return null;
      const signal = this.#signal;
      const listed = await session.presentations({ signal });
      this.#listed = listed.map((presentation) => ({ session, presentation }));
    }
    return this.#listed.shift() ?? null;
  }

  async #nextSession(): Promise<Session | undefined> {
    while (this.#sessions.length === 0) {
      if (this.#end && "error" in this.#end) throw this.#end.error;
      if (this.#end) return undefined;
      await this.#changed.promise;
    }
    return this.#sessions.shift();
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

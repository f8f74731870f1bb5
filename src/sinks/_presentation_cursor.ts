import type { Observable, Subscription } from "rxjs";
import type { ReadAhead } from "../_read_ahead.ts";
import type { Presentation, Session } from "../session.ts";

/** A presentation and whose it is. */
export interface Heard {
  readonly session: Session;
  readonly presentation: Presentation;
}

/**
 * The presentations of a stream, one call after the other. Handles are taken as
 * they come; a session's presentations are listed when its turn has come.
 */
export class PresentationCursor {
  readonly #signal: AbortSignal;
  readonly #subscription: Subscription;
  readonly #sessions: Session[] = [];
  #listed: Heard[] = [];
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

  /** The next one, in the order of the calls; null after the last. */
  next(): Promise<Heard | null> {
    const next = this.#turn.then(() => this.#advance());
    // A call that fails is followed by calls that fail, too.
    this.#turn = next;
    next.catch(() => {});
    return next;
  }

  /** Leaves the stream. */
  end(): void {
    this.#subscription.unsubscribe();
    this.#finish({});
  }

  async #advance(): Promise<Heard | null> {
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

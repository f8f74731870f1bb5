import type { DatasetDraft } from "../dataset/dataset_draft.ts";
import { CellGroup } from "../dataset/layout_draft.ts";
import type {
  NumberedCell,
  ResponseHead,
  StimulusHead,
} from "./files/array_record.ts";

/** Session id of files that name none. */
const UNNAMED = "dataset";

/**
 * Restores the sessions of a file from its heads, in the order of the arrays.
 * Sessions with a common cell list parts of one session.
 */
export class StoredSessions {
  readonly #draft: DatasetDraft;
  readonly #groups = new Map<string, CellGroup>();
  readonly #groupOfCell = new Map<number, CellGroup>();
  #current: { readonly id: string; readonly group: CellGroup } | undefined;

  /** @param draft Draft in which sessions are started. */
  constructor(draft: DatasetDraft) {
    this.#draft = draft;
  }

  /**
   * Adds cells of a table, which are kept even without a response. A session lists
   * its cells once: another list is that of another session.
   */
  addListed(cells: readonly NumberedCell[]): void {
    const listing = new Set<string>();
    for (const { cell, session = UNNAMED, meta } of cells) {
      if (!listing.has(session)) {
        this.#current = undefined;
        this.#groups.delete(session);
        listing.add(session);
      }
      const group = this.#enter(session);
      group.listed.add(cell);
      this.#groupOfCell.set(cell, group);
      this.#draft.listCell(cell, meta);
    }
  }

  /** Enters the session that presented a stimulus first. */
  enterStimulus({ session = UNNAMED }: StimulusHead): void {
    this.#enter(session);
  }

  /** Enters the session of a response; adds its cell. */
  enterResponse({ cell, session }: ResponseHead): void {
    const group = this.#enter(session, this.#groupOfCell.get(cell));
    this.#groupOfCell.set(cell, group);
  }

  /** Starts a session unless it is the current one. */
  #enter(id: string, known?: CellGroup): CellGroup {
    const current = this.#current;
    const isSame = current?.id === id &&
      (known === undefined || known === current.group);
    if (isSame) return current.group;
    const group = known ?? this.#groups.get(id) ?? new CellGroup();
    this.#current = { id, group };
    this.#groups.set(id, group);
    this.#draft.begin(id, group);
    return group;
  }
}

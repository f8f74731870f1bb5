import type { FailureKind } from "../protocol.ts";
import { byId } from "./dom.ts";

const TITLES: Readonly<Record<FailureKind, string>> = {
  wrong: "This is no data set that the explorer knows",
  damaged: "The file is damaged",
  network: "The server does not send it",
  other: "That did not work",
};

/** Shows that data are being opened. */
export function showLoading(name: string): void {
  showState("loading", "Opening", name);
}

/** Shows why there is nothing to see. */
export function showFailure(kind: FailureKind, message: string): void {
  showState("failed", TITLES[kind], message);
}

/** Shows lists and pictures in place of a state. */
export function showOpen(): void {
  document.body.dataset["state"] = "open";
}

/** Shows that the data hold no session. */
export function showNothing(): void {
  showState("empty", "No sessions", "The archive is whole, but it is empty.");
}

function showState(state: string, title: string, text: string): void {
  document.body.dataset["state"] = state;
  byId("state-title").textContent = title;
  byId("state-text").textContent = text;
  byId("state-progress").hidden = state !== "loading";
}

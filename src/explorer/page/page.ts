// Entry of the page's bundle.
import { showControls } from "./controls.ts";
import { clearFacts, showFacts, showMeta, showWarnings } from "./details.ts";
import { byId } from "./dom.ts";
import { type Choice, Explorer } from "./explorer.ts";
import { csvOf, fileName, programOf, save } from "./exports.ts";
import type { FigureModule } from "./figure_export.ts";
import { listenForData } from "./inputs.ts";
import { cellText, showLists, stimulusText } from "./lists.ts";
import { steerList } from "./list.ts";
import { drawView } from "./picture.ts";
import { showFailure, showLoading, showNothing, showOpen } from "./state.ts";

const controls = byId<HTMLFormElement>("controls");
const canvas = byId<HTMLCanvasElement>("picture");
const search = byId<HTMLInputElement>("search");
const explorer = new Explorer(showControls(controls));

function refreshLists(): void {
  showLists(explorer, search.value, {
    session: (session) => {
      explorer.chooseSession(session);
      refresh();
    },
    part: (part: Partial<Choice>) => {
      explorer.choose({ ...part, repeat: 0 });
      refreshLists();
    },
  });
}

function refresh(): void {
  refreshLists();
  showWarnings(explorer.warnings.values());
  const { view, shown, opened, choice, stimuli } = explorer;
  const session = opened?.sessions[choice.session];
  const cell = session?.cells[choice.cell] ?? {};
  const stimulus = stimuli[choice.stimulus];
  showMeta("cell-meta", cell);
  showMeta("stimulus-meta", stimulus?.meta ?? {});
  const heading = [
    session?.id ?? "",
    ...session && session.cells.length > 1 ? [cellText(cell, choice.cell)] : [],
    ...stimulus ? [stimulusText(stimulus)] : [],
  ].join(" / ");
  byId("heading").textContent = heading;
  byId("heading").title = heading;
  canvas.hidden = view === undefined;
  byId("repeat-bar").hidden = !view?.trace;
  for (const button of byId("exports").querySelectorAll("button")) {
    button.disabled = shown === undefined;
  }
  if (view === undefined) return clearFacts();
  byId("note").textContent = "";
  showFacts(view);
  drawView(canvas, view);
  canvas.setAttribute(
    "aria-label",
    `${heading}: spectrogram, ${view.repeats.length} repeats, their mean` +
      (view.trace ? ", a recorded and a detrended trace" : ""),
  );
  if (view.trace) {
    const { repeat } = view.trace;
    byId("repeat-text").textContent = `Repeat ${repeat + 1} of ` +
      `${view.verdicts.length}: ${view.verdicts[repeat]}`;
  }
}

/** Hint for an address of another server. */
function hintFor(address: string): string {
  return new URL(address, location.href).origin === location.origin
    ? ""
    : " - its server must permit other pages to read it (CORS)";
}

/** Steps to another repeat, as far as there are any. */
function stepRepeat(by: number): void {
  const { view, choice } = explorer;
  const last = (view?.verdicts.length ?? 0) - 1;
  const repeat = Math.min(last, Math.max(0, choice.repeat + by));
  if (view?.trace && repeat !== choice.repeat) explorer.choose({ repeat });
}

async function exported(kind: string): Promise<void> {
  const { shown } = explorer;
  if (shown === undefined) return;
  const name = fileName(shown);
  if (kind === "csv") return save(`${name}.csv`, csvOf(shown.view), "text/csv");
  if (kind === "ts") {
    return save(`${name}.ts`, programOf(shown), "text/typescript");
  }
  // A bundle of its own: most visits export nothing.
  const address = new URL("figure.js", location.href).href;
  const { figureOf } = await import(address) as FigureModule;
  const figure = figureOf(shown);
  if (kind === "svg") {
    return save(`${name}.svg`, figure.toSvg(), "image/svg+xml");
  }
  save(`${name}.png`, await figure.toPng({ scale: 2 }), "image/png");
}

explorer.messages.subscribe((message) => {
  if (message.type === "opened") {
    byId("title").textContent = message.title;
    controls.hidden = message.dataSet === "wingert2026";
    if (message.sessions.length === 0) return showNothing();
    showOpen();
    explorer.chooseSession(0);
  } else if (message.type === "stimuli") {
    if (message.stimuli.length > 0) explorer.choose({ stimulus: 0 });
    else byId("note").textContent = "This session has no usable trial.";
  } else if (message.type === "empty") {
    byId("note").textContent = "The cell has no response to this stimulus.";
  } else if (message.type === "failure") {
    if (message.isFatal) showFailure(message.kind, message.message);
    else byId("note").textContent = message.message;
  }
  refresh();
});

explorer.busy.subscribe((isBusy) => {
  byId("view").setAttribute("aria-busy", String(isBusy));
});

listenForData((data, name) => {
  search.value = "";
  byId("note").textContent = "";
  byId("title").textContent = name;
  explorer.open(data, name);
  showLoading(typeof data === "string" ? `${name}${hintFor(data)}` : name);
}, (message) => {
  if (explorer.opened) byId("note").textContent = message;
  else showFailure("other", message);
});

search.addEventListener("input", refreshLists);
for (const id of ["sessions", "cells", "stimuli"]) steerList(byId(id));
for (const kind of ["svg", "png", "csv", "ts"]) {
  byId(`export-${kind}`).addEventListener("click", () => {
    exported(kind).catch((error: unknown) => {
      byId("note").textContent = String(error);
    });
  });
}
byId("repeat-before").addEventListener("click", () => stepRepeat(-1));
byId("repeat-after").addEventListener("click", () => stepRepeat(1));
document.addEventListener("keydown", (event) => {
  const isText = event.target instanceof HTMLInputElement &&
    event.target.type !== "range";
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    refreshLists();
  }
  if (isText || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
  } else if (event.key === "[") stepRepeat(-1);
  else if (event.key === "]") stepRepeat(1);
});
new ResizeObserver(refresh).observe(byId("view"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);

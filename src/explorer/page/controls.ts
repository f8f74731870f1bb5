import { BehaviorSubject, type Observable } from "rxjs";
import {
  type Control,
  CONTROL_GROUPS,
  DEFAULTS,
  type Settings,
} from "../settings.ts";
import { made } from "./dom.ts";

/** The sliders; returns the settings, which change while one is dragged. */
export function showControls(form: HTMLFormElement): Observable<Settings> {
  const settings = new BehaviorSubject<Settings>(DEFAULTS);
  const groups = CONTROL_GROUPS.map(({ title, controls }) =>
    made(
      "fieldset",
      {},
      made("legend", {}, made("h2", {}, title)),
      ...controls.map((control) => slider(control, settings)),
    )
  );
  const reset = made("button", { type: "button" }, "Defaults");
  reset.addEventListener("click", () => {
    form.reset();
    for (const input of form.querySelectorAll("input")) {
      input.dispatchEvent(new Event("input"));
    }
  });
  groups[0]?.append(reset);
  form.replaceChildren(...groups);
  form.addEventListener("submit", (event) => event.preventDefault());
  return settings;
}

function slider(
  { name, label, unit, min, max, step, isLog = false }: Control,
  settings: BehaviorSubject<Settings>,
): HTMLLabelElement {
  const toSlider = (value: number): number => isLog ? Math.log2(value) : value;
  const fromSlider = (value: number): number => isLog ? 2 ** value : value;
  const start = toSlider(DEFAULTS[name]);
  const input = made("input", {
    type: "range",
    min: String(toSlider(min)),
    max: String(toSlider(max)),
    step: isLog ? "any" : String(step),
    defaultValue: String(start),
    name,
  });
  input.value = String(start);
  const shown = made("output");
  const show = (value: number): void => {
    shown.textContent = `${value}${unit && ` ${unit}`}`;
  };
  show(DEFAULTS[name]);
  input.addEventListener("input", () => {
    const moved = fromSlider(Number(input.value));
    const value = isLog ? Math.round(moved) : moved;
    show(value);
    settings.next({ ...settings.value, [name]: value });
  });
  return made("label", {}, label, shown, input);
}

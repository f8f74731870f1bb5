import { PAGE_COLOURS } from "../base/page_colours.ts";

/** The style of the page: dark or light as the system, three columns or one. */
export const PAGE_STYLE = `
:root {${PAGE_COLOURS}
  --bad: light-dark(#b3261e, #ff8a80);
  --good: light-dark(#1a7f37, #56d364);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; }
body {
  margin: 0; display: flex; flex-direction: column; background: var(--back);
  color: var(--ink); font: 14px/1.4 system-ui, sans-serif;
}
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem;
  padding: 0.4rem 0.8rem; border-bottom: 1px solid var(--line);
}
h1 { font-size: 1.05rem; margin: 0; flex: 1 1 auto; }
#title { color: var(--soft); font-weight: 400; }
h2 { font-size: 0.75rem; margin: 0.7rem 0 0.25rem; color: var(--soft);
  text-transform: uppercase; letter-spacing: 0.04em; }
.count { font-weight: 400; text-transform: none; letter-spacing: 0; }
form#open { display: flex; gap: 0.4rem; flex: 0 1 auto; min-width: 0; }
button, .button, input[type=search], input[type=url] {
  font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; padding: 0.25rem 0.6rem;
  min-width: 0;
}
input[type=url] { width: 16rem; flex: 1 1 8rem; }
button, .button { cursor: pointer; white-space: nowrap; }
button:hover, .button:hover { border-color: var(--link); }
button:disabled { opacity: 0.45; cursor: default; border-color: var(--line); }
:focus-visible, .button:focus-within { outline: 2px solid var(--link); outline-offset: 1px; }
.button input { position: absolute; width: 1px; height: 1px; opacity: 0; }
main { flex: 1 1 auto; min-height: 0; display: grid;
  grid-template-columns: 15rem minmax(0, 1fr) 16rem; }
#state { grid-column: 1 / -1; align-self: center; justify-self: center;
  max-width: 38rem; margin: 1rem; padding: 2.5rem 2rem; text-align: center;
  border: 2px dashed var(--line); border-radius: 12px; overflow-wrap: anywhere; }
#state h2 { font-size: 1.2rem; text-transform: none; letter-spacing: 0; color: var(--ink); margin: 0 0 0.5rem; }
#state p { margin: 0; color: var(--soft); }
#state progress { width: 60%; margin-top: 1rem; }
body[data-state=failed] #state { border-color: var(--bad); border-style: solid; }
body[data-state=failed] #state h2 { color: var(--bad); }
body[data-drop] #state, body[data-drop] #view { outline: 3px solid var(--link); }
body[data-state=open] #state { display: none; }
body:not([data-state=open]) :is(#lists, #view, #details) { display: none; }
#lists { display: flex; flex-direction: column; padding: 0.5rem 0.6rem;
  border-right: 1px solid var(--line); min-height: 0; }
#lists ul { list-style: none; margin: 0; padding: 0; overflow-y: auto; flex: 0 1 auto; min-height: 3.4rem; }
#lists #sessions { flex: 1 1 40%; } #lists #stimuli { flex: 1 1 60%; }
#lists li button { display: block; width: 100%; text-align: left; border-color: transparent;
  background: none; padding: 0.15rem 0.45rem; overflow: hidden; text-overflow: ellipsis; }
#lists li button:hover { background: var(--card); }
#lists li button[aria-current=true] { background: var(--link); color: var(--back); }
#lists li small { opacity: 0.75; margin-left: 0.4rem; }
#view { display: flex; flex-direction: column; min-height: 0; min-width: 0; padding: 0.4rem 0.7rem; position: relative; }
#bar { display: flex; gap: 0.5rem 1rem; align-items: center; justify-content: space-between; min-height: 2rem; }
#heading { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
#repeat-bar { white-space: nowrap; flex: 0 0 auto; }
#repeat-bar button { padding: 0 0.5rem; }
#note { margin: 0; color: var(--bad); overflow-wrap: anywhere; }
#note:empty { display: none; }
#picture { flex: 1 1 20rem; min-height: 18rem; width: 100%; display: block; }
/* The sliders stay where they are. */
#picture[hidden] { display: block !important; visibility: hidden; }
#view[aria-busy=true] #picture { opacity: 0.55; }
#controls { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0 1.2rem;
  border-top: 1px solid var(--line); padding-bottom: 0.2rem; }
#controls[hidden] { display: none; }
#controls fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
#controls legend { padding: 0; }
#controls label { display: grid; grid-template-columns: minmax(0, 1fr) auto; font-size: 0.82rem; column-gap: 0.4rem; }
#controls output { font-variant-numeric: tabular-nums; color: var(--soft); }
#controls input { grid-column: 1 / -1; width: 100%; margin: 0; height: 1.1rem; accent-color: var(--link); }
#details { border-left: 1px solid var(--line); padding: 0.1rem 0.8rem 1rem; overflow-y: auto; min-height: 0; }
dl { display: grid; grid-template-columns: minmax(5rem, auto) minmax(0, 1fr); gap: 0.1rem 0.6rem; margin: 0; font-size: 0.88rem; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
#exports { display: flex; flex-wrap: wrap; gap: 0.3rem; }
#warnings { margin: 0; padding-left: 1rem; font-size: 0.85rem; overflow-wrap: anywhere; }
@media (max-width: 60rem) {
  html, body { height: auto; }
  main { grid-template-columns: minmax(0, 1fr); }
  form#open { flex-wrap: wrap; width: 100%; }
  #lists { border-right: 0; border-bottom: 1px solid var(--line); }
  #lists ul, #lists #sessions, #lists #stimuli { max-height: 8.5rem; flex: 0 0 auto; min-height: 0; }
  #details { border-left: 0; border-top: 1px solid var(--line); }
  #picture { flex: none; height: 30rem; }
  #controls { grid-template-columns: minmax(0, 1fr); }
  #controls input { height: 1.6rem; }
  #lists li button { padding: 0.4rem 0.45rem; }
}
`;

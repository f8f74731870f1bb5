import { PAGE_POLICY } from "./page_policy.ts";

/** The page before anything is open. */
export const PAGE_MARKUP = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rxephys explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script>
</head>
<body data-state="empty">
<header>
<h1>rxephys <span id="title">explorer</span></h1>
<form id="open">
<label class="button"><input id="files" type="file" multiple accept=".zip,.csv">Open files</label>
<input id="address" type="url" placeholder="https://.../crcns-ac1.zip" aria-label="Address of an archive">
<button type="submit">Open address</button>
</form>
</header>
<main>
<section id="state" role="status" aria-live="polite">
<h2 id="state-title">No data yet</h2>
<p id="state-text">Drop crcns-ac1.zip of CRCNS AC1 here, or recordings.zip with cell_list.csv of Wingert et al. 2026; or open them by the buttons above. The files stay on this machine.</p>
<progress id="state-progress" hidden></progress>
</section>
<nav id="lists" aria-label="Data">
<input id="search" type="search" placeholder="Search ( / )" aria-label="Search sessions, cells and stimuli">
<h2>Sessions <span class="count" id="session-count"></span></h2>
<ul id="sessions"></ul>
<h2>Cells <span class="count" id="cell-count"></span></h2>
<ul id="cells"></ul>
<h2>Stimuli <span class="count" id="stimulus-count"></span></h2>
<ul id="stimuli"></ul>
</nav>
<section id="view" aria-label="Response">
<div id="bar">
<strong id="heading"></strong>
<span id="repeat-bar">
<button type="button" id="repeat-before" aria-label="Repeat before ( [ )">&lsaquo;</button>
<output id="repeat-text"></output>
<button type="button" id="repeat-after" aria-label="Next repeat ( ] )">&rsaquo;</button>
</span>
</div>
<p id="note" role="status"></p>
<canvas id="picture" role="img"></canvas>
<form id="controls" aria-label="Options of the chain"></form>
</section>
<aside id="details" aria-label="Details">
<h2>Quality</h2>
<dl id="quality"></dl>
<h2>Gate</h2>
<dl id="tally"></dl>
<h2>Export</h2>
<div id="exports">
<button type="button" id="export-svg">SVG</button>
<button type="button" id="export-png">PNG</button>
<button type="button" id="export-csv">CSV</button>
<button type="button" id="export-ts">TypeScript</button>
</div>
<h2>Cell</h2>
<dl id="cell-meta"></dl>
<h2>Stimulus</h2>
<dl id="stimulus-meta"></dl>
<h2 id="warnings-title" hidden>Warnings</h2>
<ul id="warnings"></ul>
</aside>
</main>
</body>
</html>
`;

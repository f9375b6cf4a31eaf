/**
 * The style sheet of the page. Text has a contrast of at least 4.5 to 1 in both color schemes (WCAG AA), and nothing
 * is told by color alone.
 */
export const STYLE: string = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1b1f24; --quiet: #57606a; --line: #d6dae0; --shade: #f4f6f8;
  --good: #0f6b3c; --bad: #b3261e; --on-bad: #ffffff; --warn-line: #b7791f; --warn-shade: #fff6e3; --ink: #1f5fa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --text: #e4e7ea; --quiet: #a3acb6; --line: #353c45; --shade: #1d2228;
    --good: #6ecb93; --bad: #ff8f85; --on-bad: #2b0603; --warn-line: #d9a441; --warn-shade: #2a2313; --ink: #86b9f2;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 82rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { margin: 0 0 .5rem; font-size: 1rem; font-weight: 600; color: var(--quiet); }
h2 { margin: 3.5rem 0 .5rem; font-size: 1.5rem; letter-spacing: -.01em; }
h3 { margin: 1.75rem 0 .5rem; font-size: 1.0625rem; }
h4 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
p, figcaption, .legend, ul.plain { max-width: 68ch; text-wrap: pretty; }
p { margin: 0 0 1rem; }
code, pre, .scenarios dt { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
code { overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: .2em; }
a:focus-visible, .scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.shapes { position: absolute; }

.verdict {
  display: flex; gap: .75rem; max-width: 46ch; margin: 0 0 1.5rem;
  font-size: clamp(1.375rem, 1.1rem + 1.6vw, 2rem); line-height: 1.25; font-weight: 600; letter-spacing: -.015em;
}
.verdict span { overflow-wrap: anywhere; }
.verdict .mark { flex: none; }
.verdict .icon { width: 1em; height: 1em; margin: 0; }
.left-out { max-width: 68ch; padding: 1rem 1.25rem; border: 2px dashed var(--warn-line); border-radius: .5rem; background: var(--warn-shade); }
.left-out h2 { margin: 0 0 .25rem; font-size: 1.125rem; }
.left-out p { margin: 0 0 .25rem; }
.left-out ul { margin: 0; padding-left: 1.25rem; }

.mark { white-space: nowrap; }
.icon { width: .875em; height: .875em; margin-right: .3em; vertical-align: -.1em; fill: none; stroke: currentColor; stroke-width: 2.25; stroke-linecap: round; stroke-linejoin: round; }
.mark.passed .icon { color: var(--good); }
.mark.failed { color: var(--bad); font-weight: 600; }
.mark.refused, .mark.known-gap, .mark.no { color: var(--quiet); }
.legend { margin: 0 0 1rem; padding: 0; list-style: none; }
.legend .mark { font-weight: 600; }
.plain { margin: 0; padding-left: 1.25rem; }

.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: .9375rem; line-height: 1.375rem; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; text-wrap: balance; line-height: 1.25rem; border-bottom: 2px solid var(--text); }
th:first-child { position: sticky; left: 0; padding-left: 0; background: var(--page); }
tbody th { font-weight: 600; min-width: 13rem; max-width: 20rem; }
.about { display: block; font-size: .8125rem; line-height: 1.125rem; font-weight: 400; color: var(--quiet); }
.grid { min-width: 0; }
.grid thead th:not(:first-child) { width: 7.5rem; min-width: 7.5rem; }
.grid td .mark:not(:last-child) { margin-right: .4rem; }
.grid .total th, .grid .total td { border-top: 2px solid var(--text); border-bottom: 0; }
td.bad { background: var(--bad); color: var(--on-bad); border-color: var(--page); }
td.bad .mark, td.bad .mark .icon, td.bad .about { color: var(--on-bad); }
.numbers td, .numbers thead th:not(:first-child) { text-align: right; }
.numbers tbody th, .times tbody th { min-width: 9rem; white-space: nowrap; }
.numbers td, .numbers th { padding-block: .3rem; white-space: nowrap; }
.numbers tbody tr:not(:last-child) td { border-bottom: 0; }
.times td { white-space: nowrap; }
.times .bar { width: 35%; min-width: 6rem; vertical-align: middle; }
.bar span { display: block; height: .75rem; min-width: 2px; border-radius: 2px; background: var(--ink); }
.slowest span { display: inline-block; margin-right: 1rem; }

figure { margin: 1.5rem 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); gap: 1rem 1.5rem; }
.plots h3 { margin: 0 0 .25rem; }
.plot { display: block; width: 100%; max-width: 24rem; height: auto; }
.rule { stroke: var(--line); }
.tick { font-size: 12px; fill: var(--quiet); }
.label { font-size: 12.5px; font-weight: 600; fill: var(--text); }
.band { fill: var(--ink); opacity: .12; }
.line { fill: none; stroke: var(--ink); stroke-width: 2; }
.dashed { stroke-dasharray: 5 4; }
.dot { fill: var(--ink); }
.square { fill: var(--page); stroke: var(--ink); stroke-width: 2; }
figcaption { margin-top: 1rem; font-size: .875rem; color: var(--quiet); }

pre { margin: .25rem 0 1rem; padding: .75rem 1rem; border-left: 3px solid var(--bad); background: var(--shade); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
.reasons { margin: 0; }
.reasons dd { margin: 0; }
details { margin-top: 1.75rem; }
summary { font-weight: 600; cursor: pointer; }
.scenarios { margin: 0; font-size: .9375rem; }
.scenarios div { display: grid; grid-template-columns: minmax(0, 18rem) minmax(0, 1fr); gap: 0 1rem; padding: .2rem 0; }
.scenarios dt { color: var(--quiet); overflow-wrap: anywhere; }
.scenarios dd { margin: 0; }
.facts { margin: 1rem 0; }
.facts > div { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 1rem; padding: .3rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; overflow-wrap: anywhere; }

@media (max-width: 45rem) {
  body { padding-top: 1.5rem; }
  h2 { margin-top: 2.75rem; }
  tbody th, .numbers tbody th, .times tbody th { min-width: 8rem; max-width: 9rem; white-space: normal; overflow-wrap: break-word; }
  th:first-child { border-right: 1px solid var(--line); }
  .scenarios div { grid-template-columns: 1fr; }
  .facts > div { grid-template-columns: 1fr; gap: 0; }
}
@media print {
  :root { --page: #fff; --text: #000; --quiet: #444; --line: #bbb; --shade: #f4f4f4; --good: #0f6b3c; --bad: #b3261e; --on-bad: #fff; --ink: #1f5fa8; --warn-shade: #fff; }
  @page { size: landscape; margin: 12mm; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; line-height: 1.3; }
  .grid { width: 100%; }
  .grid thead th:not(:first-child) { width: 9.5%; min-width: 0; }
  .mark { white-space: normal; }
  th, td { padding: 3pt 4pt; }
  tbody th { min-width: 0; }
  thead th { line-height: 1.2; }
  .about { font-size: 7pt; line-height: 1.25; }
  th:first-child { position: static; }
  h2, h3 { break-after: avoid; }
  tr, figure, .plots > div, pre { break-inside: avoid; }
  td.bad, .bar span, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details:not([open]) { display: none; }
}
`;

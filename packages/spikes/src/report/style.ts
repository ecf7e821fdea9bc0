/** The style of a report: generic fonts, light and dark by the reader's choice, and something that prints. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d8dee4; --paper: #ffffff; --tile: #f4f6f8;
  --link: #0969da; --bad: #bc4c00; --figure-ink: #4a535c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #30363d; --paper: #0d1117; --tile: #161b22;
    --link: #58a6ff; --bad: #f0883e; --figure-ink: #b4bcc5; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 5rem; max-width: 64rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; overflow-wrap: anywhere; }
header p { margin: .3rem 0 1.2rem; color: var(--soft); }
h2 { margin: 3rem 0 .8rem; padding-top: 1.2rem; border-top: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.6rem 0 .5rem; font-size: 1.02rem; }
a { color: var(--link); text-decoration: none; } a:hover, a:focus { text-decoration: underline; }
nav ol { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; margin: 0; padding: 0; list-style: none; }
section p { max-width: 48rem; }
code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 1rem 0 1.5rem; }
.tile { padding: .8rem 1rem; border-radius: .5rem; background: var(--tile); }
.tile strong { display: block; font-size: 1.45rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span, figcaption, .note, dt { color: var(--soft); font-size: .86rem; }
.notice { padding: .9rem 1.1rem; border-left: 4px solid var(--link); border-radius: .3rem; background: var(--tile); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: .38rem .9rem; border-bottom: 1px solid var(--line); text-align: right; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
th.text, td.text { text-align: left; }
tbody tr:hover { background: var(--tile); }
.bad { color: var(--bad); font-weight: 600; }
figure { margin: .8rem 0 1.4rem; } figure svg { display: block; } figcaption { margin-top: .1rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); gap: .5rem 1.5rem; }
.grid.narrow { grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr)); }
.grid figure { margin: 0 0 1rem; }
details { margin-top: 1.5rem; } summary { cursor: pointer; color: var(--link); }
@media (max-width: 30rem) { .grid, .grid.narrow { grid-template-columns: 1fr; } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tile: #f4f4f4; --figure-ink: #333; }
  body { max-width: none; padding: 0; font-size: 11pt; } nav { display: none; }
  figure, tr, .tile { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`;

// The style of the report's page: one column, readable on paper, light or dark with the reader's screen.

import { FONT, pageColours } from './palette.ts';

export const pageStyle = (): string => `${pageColours()}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 ${FONT} }
main { max-width: 1168px; margin: 0 auto; padding: 32px 24px 64px }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 8px }
h2 { font-size: 18px; margin: 44px 0 12px }
p { margin: 0 0 12px; max-width: 75ch }
.verdict { display: inline-block; padding: 3px 12px; border-radius: 14px; font-weight: bold; margin-bottom: 14px }
.passed { color: var(--good); background: var(--goodSoft) }
.failed { color: var(--cut); background: var(--cutSoft) }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 18px 0 0; font-size: 14px }
dt { color: var(--muted) }
dd { margin: 0; overflow-wrap: anywhere }
code { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; white-space: nowrap }
th { color: var(--muted); font-weight: normal; text-align: left; border-bottom: 1px solid var(--line) }
td { border-bottom: 1px solid var(--rule) }
th, td { padding: 6px 16px 6px 0; vertical-align: baseline }
.right { text-align: right }
.note { white-space: normal; color: var(--muted); min-width: 22ch }
.met { color: var(--good) }
.unmet { color: var(--cut); font-weight: bold }
figure { margin: 32px -24px 0 }
figure svg { display: block; width: 100%; height: auto }
@media print {
  main { max-width: none; padding: 0 }
  body { font-size: 11px }
  table { font-size: 9px }
  figure { margin: 0 }
  h2, figure, tr { break-inside: avoid }
  h2 { break-after: avoid }
}`;

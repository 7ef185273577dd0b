import { assert, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { type Duration, instant, seconds } from '../core/time.ts';
import { reportHtml } from './html.ts';
import type { CutReport, RunReport } from './run-report.ts';
import { sampleReport } from './testing/sample-report.ts';
import { complaint } from './testing/well-formed.ts';
import { throughputSvg } from './throughput.ts';
import { topologySvg } from './topology.ts';

const test = suite('pictures');

// Laid out once: most tests only look at it.
const sampleTopology = topologySvg(sampleReport());

const count = (text: string, part: string | RegExp): number => text.split(part).length - 1;
const facts = ['fibre-cut-cern-caltech', 'seed 45', '0.1.0+ad2f951', 'world virtual'];
const unmoved = (cut: CutReport): CutReport => ({
  ...cut,
  fibresAfter: null,
  extraLength: null,
  reason: 'no free fibres lead there',
  stages: { detect: null, decide: null, lock: null, switch: null, light: null, data: null, tcp: null },
});

test('the plot has an overview, its cuts and repairs, and a closer look at each cut', () => {
  const svg = throughputSvg(sampleReport());
  assert.is(complaint(svg), null);
  assert.is(count(svg, '>repaired<'), 4);
  for (const n of [1, 2, 3, 4]) {
    assert.is(count(svg, `>cut ${n}<`), 1);
    assert.is(count(svg, `>Cut ${n}: `), 1);
  }
  assert.is(count(svg, 'light back'), 4);
  assert.match(svg, />90 % after 3\.90 s</);
  for (const fact of facts) assert.ok(svg.includes(fact), fact);
});

test('a plot’s line stays within its frame', () => {
  const path = /fill="none"[^>]*/.exec(throughputSvg(sampleReport()));
  const d = /<path d="(M[^"]*)" fill="none"/.exec(throughputSvg(sampleReport()))?.[1] ?? '';
  assert.ok(path !== null && d.length > 1000);
  const heights = [...d.matchAll(/V([\d.]+)/g)].map((m) => Number(m[1]));
  const widths = [...d.matchAll(/H([\d.]+)/g)].map((m) => Number(m[1]));
  assert.ok(Math.min(...heights) >= 122 && Math.max(...heights) <= 362);
  assert.ok(Math.min(...widths) >= 64 && Math.max(...widths) <= 1100);
  assert.equal(
    widths,
    [...widths].sort((a, b) => a - b),
  );
});

test('a run of nothing, a run without recovery and a short run can be drawn', async () => {
  const empty = { cuts: [], repairs: [], transfers: [], paths: [], duration: 0 as Duration };
  const runs: Partial<RunReport>[] = [
    { ...empty, duration: seconds(1) },
    { ...empty, duration: seconds(1), topology: { sites: [], switches: [], hosts: [], fibres: [] } },
    { cuts: sampleReport().cuts.map(unmoved) },
    { duration: seconds(12) },
  ];
  for (const run of runs) {
    const throughput = throughputSvg(sampleReport(run));
    const topology = await topologySvg(sampleReport(run));
    for (const text of [throughput, topology, reportHtml(sampleReport(run), { topology, throughput })]) {
      assert.is(complaint(text), null);
      assert.not.match(text, /NaN|undefined|Infinity/);
    }
  }
});

test('the topology shows sites, switches with ports, fibres, and a panel for each cut', async () => {
  const svg = await sampleTopology;
  assert.is(complaint(svg), null);
  for (const site of ['Geneva, CERN', 'New York, MAN LAN']) assert.is(count(svg, `>${site}<`), 1, site);
  for (const name of ['gva', 'nyc', 'chi', 'pas', 'cern-fdt', 'caltech-fdt'])
    assert.is(count(svg, `>${name}<`), 5, name);
  assert.is(count(svg, '>10.1a.3<'), 5);
  assert.match(svg, />12,240 km</);
  assert.is(count(svg, />Cut \d at /), 4);
  assert.is(count(svg, '>cut b-to-a<'), 1);
  for (const fact of facts) assert.ok(svg.includes(fact), fact);
});

test('the same light path is drawn the same, and a repaired fibre is not shown as cut', async () => {
  const svg = await sampleTopology;
  // Cuts 1 and 3 lead to the same light path; only the words at the cut fibre differ.
  const panels = svg.split(/>Cut \d at /).slice(1);
  const lit = panels.map((panel) => count(panel, 'stroke-width="4"'));
  assert.equal(lit, [5, 4, 5, 4]);
  assert.equal(
    panels.map((panel) => count(panel, />cut(?: b-to-a)?</)),
    [1, 1, 1, 1],
  );
});

const circuitReport = (): RunReport => {
  const step = (s: number, bandwidth: number) => ({
    at: instant(s * 1e9),
    bandwidth: bitsPerSecond(bandwidth),
  });
  const change = (kind: 'cut' | 'repaired', s: number, slots: number[] | null) => ({
    ...{ kind, slots, at: instant(s * 1e9), span: 'atlantic-2' },
  });
  return sampleReport({
    cuts: [],
    repairs: [],
    paths: [],
    circuits: [{ name: 'vc-1', steps: [step(10, 2.4e9), step(100, 0), step(101, 8e8), step(200, 2.4e9)] }],
    spanChanges: [change('cut', 100, null), change('repaired', 200, null), change('cut', 300, [1, 2])],
  });
};

test('a span that is cut is red in a panel of its own, with what is left of the circuit', async () => {
  const svg = await topologySvg(circuitReport());
  assert.is(complaint(svg), null);
  const [start = '', cut = '', slots = ''] = svg.split(/>Span atlantic-2 cut at /);
  assert.is(count(start, 'stroke="#c8261f"'), 2, 'the style and the legend alone');
  assert.is(count(cut, 'stroke="#c8261f"'), 1);
  assert.match(start, />circuit vc-1 carries 2\.4\d* Gb\/s</);
  assert.match(cut, />circuit vc-1 carries 800(\.0+)? Mb\/s</);
  assert.is(count(cut, '>cut<'), 1);
  assert.match(slots, /time slots 1, 2<[^]*>cut: 2 slots</);
});

test('a circuit is a dashed step line in the plot, on the scale of the goodput', () => {
  const svg = throughputSvg(circuitReport());
  assert.is(complaint(svg), null);
  const d = /<path d="([^"]*)"[^>]*stroke-dasharray="5 3"/.exec(svg)?.[1] ?? '';
  assert.is(count(d, 'H'), 5);
  const heights = [...d.matchAll(/V([\d.]+)/g)].map((m) => Number(m[1]));
  assert.is(heights[0], 362, 'nothing at first');
  assert.is(heights[1], heights[4]);
  assert.ok((heights[3] ?? 0) > (heights[1] ?? 0) && (heights[3] ?? 0) < 362);
  for (const text of ['vc-1: bandwidth of the circuit', 'atlantic-2 cut', '2 slots of atlantic-2 cut'])
    assert.is(count(svg, `>${text}<`), 1, text);
});

test('names cannot break out of a picture', async () => {
  const nasty = '<b>"&\\"]; graph {';
  const { topology } = sampleReport();
  const report = sampleReport({
    scenario: nasty,
    title: nasty,
    topology: {
      ...topology,
      sites: topology.sites.map((s) => ({ ...s, title: nasty })),
      fibres: topology.fibres.map((f, i) => (i === 0 ? { ...f, name: nasty } : f)),
    },
  });
  const pictures = { topology: await sampleTopology, throughput: throughputSvg(report) };
  for (const text of [pictures.topology, pictures.throughput, reportHtml(report, pictures)])
    assert.is(complaint(text), null);
});

test('the page stands alone: no script, nothing loaded', async () => {
  const report = sampleReport();
  const html = reportHtml(report, { topology: await sampleTopology, throughput: throughputSvg(report) });
  assert.is(complaint(html), null);
  assert.not.match(html, /<script|<link|<img|<iframe|@import|url\(|\shref=|\ssrc=/);
  assert.equal(
    [...html.matchAll(/https?:\/\/[^"<]*/g)].map((m) => m[0]).filter((u) => !u.includes('www.w3.org')),
    [],
  );
  assert.is(count(html, '<svg'), 2);
  for (const fact of [report.traceHash, report.replay, 'Passed: 6 of 6 expectations met', '✓ met'])
    assert.ok(html.includes(fact), fact);
});

test('the same run gives the same pictures', async () => {
  assert.is(throughputSvg(sampleReport()), throughputSvg(sampleReport()));
  assert.is(await topologySvg(sampleReport()), await sampleTopology);
});

test.run();

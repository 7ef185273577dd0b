// The report as one page that needs nothing else: verdict, facts of the run, tables, pictures. It loads
// nothing, runs no script, and can be kept, mailed and printed.

import { formatDuration } from '../core/time.ts';
import { formatBound, formatInstant, formatMeasure, formatSubject, plural } from './format.ts';
import { pageStyle } from './page-style.ts';
import { recoveryTable } from './recovery.ts';
import type { ExpectationReport, RunReport } from './run-report.ts';
import { cutsTable, type Table, transfersTable } from './tables.ts';
import { element, escapeXml } from './xml.ts';

export interface Pictures {
  /** SVG documents, trusted: made by this room. */
  readonly topology: string;
  readonly throughput: string;
}

/** A complete HTML document. */
export function reportHtml(report: RunReport, pictures: Pictures): string {
  const head = [
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, escapeXml(`${report.title} – ${report.scenario}`)),
    element('style', {}, pageStyle()),
  ];
  const body = [
    header(report),
    section('Expectations', expectations(report)),
    ...tableSection(cutsTable(report)),
    ...tableSection(recoveryTable(report)),
    ...tableSection(transfersTable(report)),
    ...violations(report),
    element('figure', {}, pictures.throughput),
    element('figure', {}, pictures.topology),
  ];
  const page = element(
    'html',
    { lang: 'en' },
    element('head', {}, ...head),
    element('body', {}, element('main', {}, ...body)),
  );
  return `<!DOCTYPE html>\n${page}\n`;
}

function header(report: RunReport): string {
  const met = report.expectations.filter((e) => e.isMet).length;
  const verdict = `${report.isPassed ? 'Passed' : 'Failed'}: ${met} of ${plural(report.expectations.length, 'expectation')} met`;
  return [
    element('h1', {}, escapeXml(report.title)),
    element('div', { class: `verdict ${report.isPassed ? 'passed' : 'failed'}` }, verdict),
    ...(report.description === '' || report.description === '-'
      ? []
      : [element('p', {}, escapeXml(report.description))]),
    facts(report),
  ].join('');
}

function facts(report: RunReport): string {
  const rows: readonly (readonly [string, string])[] = [
    ['scenario', escapeXml(report.scenario)],
    ['seed', escapeXml(report.seed)],
    ['version', escapeXml(report.version)],
    ['world', escapeXml(report.world)],
    ['length of the run', formatDuration(report.duration)],
    ['trace', `${element('code', {}, escapeXml(report.traceHash))}, ${plural(report.recordCount, 'record')}`],
    ['replay', element('code', {}, escapeXml(report.replay))],
  ];
  return element(
    'dl',
    {},
    ...rows.flatMap(([term, fact]) => [element('dt', {}, term), element('dd', {}, fact)]),
  );
}

const section = (title: string, ...contents: string[]): string =>
  element('section', {}, element('h2', {}, escapeXml(title)), ...contents);

function expectations({ expectations: all }: RunReport): string {
  if (all.length === 0) return element('p', {}, 'The scenario expects nothing.');
  const head = ['', 'metric', 'expected', 'measured', 'meaning'].map((title, i) =>
    element('th', { class: i === 3 ? 'right' : null }, title),
  );
  return wide(head, all.map(expectationRow));
}

const expectationRow = (e: ExpectationReport): string =>
  element(
    'tr',
    {},
    element('td', { class: e.isMet ? 'met' : 'unmet' }, e.isMet ? '✓ met' : '✗ not met'),
    element('td', {}, escapeXml(formatSubject(e))),
    element('td', {}, escapeXml(formatBound(e.bound))),
    element('td', { class: 'right' }, escapeXml(formatMeasure(e.measured, e.dimension))),
    element('td', { class: 'note' }, escapeXml(e.reason === null ? e.meaning : `${e.meaning} – ${e.reason}`)),
  );

function tableSection({ title, columns, rows }: Table): string[] {
  if (rows.length === 0) return [];
  const classes = columns.map((c) => (c.align === 'right' ? 'right' : null));
  const head = columns.map((c, i) => element('th', { class: classes[i] ?? null }, escapeXml(c.title)));
  const body = rows.map((row) =>
    element('tr', {}, ...row.map((cell, i) => element('td', { class: classes[i] ?? null }, escapeXml(cell)))),
  );
  return [section(title, wide(head, body))];
}

const wide = (head: readonly string[], rows: readonly string[]): string =>
  element(
    'div',
    { class: 'wide' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
  );

function violations({ violations: broken }: RunReport): string[] {
  if (broken.length === 0) return [];
  const items = broken.map((v) =>
    element('li', {}, escapeXml(`${formatInstant(v.at)} ${v.checker}: ${v.text}`)),
  );
  return [section('Broken invariants', element('ul', {}, ...items))];
}

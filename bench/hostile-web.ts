import { ask, endChild, startChild } from './child.js';
import { CASES } from './hostile-web/cases.js';
import type { HostileReport } from './hostile-web/crawl.js';
import type { ServerView } from './hostile-web/serve.js';
import { reasonOfReset, type Ports } from './hostile-web/wire.js';

/** One line of the table. */
export interface HostileRow {
  readonly name: string;
  /** The documented reason, or what else must come of it. */
  readonly expected: string;
  readonly seen: string;
  readonly detail: string;
  readonly ok: boolean;
}

/** What one run of the suite saw. */
export interface HostileWebResult {
  readonly rows: readonly HostileRow[];
  readonly failed: number;
  /** Of the crawling process alone; the servers are in another. */
  readonly peakRssMb: number;
  readonly server: ServerView;
}

const row = (name: string, expected: string, seen: string, detail = ''): HostileRow => ({
  name,
  expected,
  seen,
  detail,
  ok: expected === seen,
});

function caseRows({ cases }: HostileReport): HostileRow[] {
  return CASES.map(({ name, expected, detail: wanted }, at) => {
    const { what, detail, beside } = cases[at] ?? { what: 'nothing', detail: '', beside: null };
    const next = beside === null || beside === 'fetched';
    const told = wanted?.test(detail) ?? true;
    const seen = next ? what : `${what}; the good picture beside it: ${beside}`;
    return { ...row(name, expected, seen, detail), ok: what === expected && next && told };
  });
}

/** One line for all positions; those that went another way are named. */
function resetRow(
  name: string,
  seen: readonly string[],
  expectedAt: (position: number) => string,
): HostileRow {
  const wrong = seen.flatMap((what, at) =>
    what === expectedAt(at) ? [] : [`${at}: ${what}, not ${expectedAt(at)}`],
  );
  const kinds = [...new Set(seen.map((_, at) => expectedAt(at)))].join(' / ');
  return row(
    `${name} (${seen.length} positions)`,
    kinds,
    wrong.length === 0 ? kinds : wrong.slice(0, 5).join(', '),
  );
}

const count = (arrived: number, asked: number): string => `${arrived} of ${asked}`;

function otherRows(report: HostileReport, server: ServerView): HostileRow[] {
  const { good, large, providers, peakRssBytes } = report;
  const peakMb = peakRssBytes / 1e6;
  return [
    resetRow('reset at every byte, every time', report.resets, reasonOfReset),
    resetRow('reset at every byte, once', report.resetsOnce, () => 'fetched'),
    row('provider repeats page 1 for ever', 'ends after 3', providers.repeats),
    row('provider changes its JSON on page 2', 'changed after 3', providers.changes),
    row('good pictures among all that', count(good.asked, good.asked), count(good.arrived, good.asked)),
    row('pictures of 14 MB among bombs', count(large.asked, large.asked), count(large.arrived, large.asked)),
    row('gzip bombs of 256 MB', '{"too-large":12}', JSON.stringify(large.bombs)),
    row(
      'visits to hosts that nothing may reach',
      '0',
      `${server.trespasses.length}`,
      server.trespasses.join(' '),
    ),
    row('most requests for one hostile address', '3', `${server.mostAsked}`),
    {
      ...row(
        'peak memory of the crawling process',
        'under 300 MB',
        `${peakMb.toFixed(0)} MB`,
        `${(report.peakAfterCasesBytes / 1e6).toFixed(0)} MB before the large ones`,
      ),
      ok: peakMb < 300,
    },
  ];
}

/** Crawls the hostile web: servers in one process, the crawler in another. About fifteen seconds. */
export async function measure(): Promise<HostileWebResult> {
  const servers = startChild('hostile-web/serve');
  const crawler = startChild('hostile-web/crawl');
  try {
    const ports = await ask<Ports>(servers, 'serve');
    const report = await ask<HostileReport>(crawler, ports);
    const server = await ask<ServerView>(servers, 'seen');
    const rows = [...caseRows(report), ...otherRows(report, server)];
    return {
      rows,
      failed: rows.filter(({ ok }) => !ok).length,
      peakRssMb: report.peakRssBytes / 1e6,
      server,
    };
  } finally {
    await Promise.all([endChild(servers), endChild(crawler)]);
  }
}

/** The result as a table for people: case, reason, seen. */
export function table(rows: readonly HostileRow[]): string {
  const width = (pick: (one: HostileRow) => string): number =>
    Math.max(...rows.map((one) => pick(one).length));
  const [names, reasons] = [width(({ name }) => name), width(({ expected }) => expected)];
  const line = (name: string, reason: string, seen: string): string =>
    `${name.padEnd(names)}  ${reason.padEnd(reasons)}  ${seen}`;
  const lines = rows.map(({ name, expected, seen, detail, ok }) =>
    line(name, expected, ok ? seen : `${seen}  <-- NOT AS IT SHOULD BE: ${detail}`),
  );
  return [line('CASE', 'REASON', 'SEEN'), ...lines].join('\n');
}

/** Runs the suite and prints its table; the numbers alone are returned. @throws when a case ends otherwise than documented */
export async function run(): Promise<Omit<HostileWebResult, 'rows'> & { cases: number }> {
  const { rows, ...rest } = await measure();
  console.error(table(rows));
  if (rest.failed > 0)
    throw new Error(`${rest.failed} of ${rows.length} cases ended otherwise than documented: see the table.`);
  return { ...rest, cases: rows.length };
}

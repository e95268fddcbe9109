import { describe, expect, it } from 'vitest';

import type { HttpCell, HttpScenario, HttpSession } from '../../../src/model/http.ts';
import terminal from '../../../src/report/formats/terminal.ts';
import { reportHttp } from '../../../src/report/http/http-report.ts';

const scenario: HttpScenario = {
  id: 'list', title: 'a list', where: 'lists', items: 1000, client: 'load', writes: false, volatile: [], sweep: true, tier: 'quick',
  requests: [{ method: 'GET', path: '/list', weight: 1 }],
};
const plain: HttpCell = {
  scenario: 'list', contender: 'plain', load: { kind: 'closed', connections: 10 }, items: 1000, status: 'ok', absent: {}, failures: {}, warnings: [],
  rounds: [], metrics: {
    requestsPerSec: { median: 1234, ratio: { reference: 'plain', ratio: 1 } },
    p95Ns: { median: 5e6, ratio: { reference: 'plain', ratio: 1 } },
    wireBytesPerRequest: { median: 1000, ratio: { reference: 'plain', ratio: 1 } },
  },
};
const quick: HttpCell = {
  ...plain, contender: 'quick', warnings: ['the load generator was busy'], failures: { 'HTTP 503': 2 },
  metrics: {
    requestsPerSec: { median: 2468, ratio: { reference: 'plain', ratio: 2, lo: 1.9, hi: 2.1, confidence: 0.95 } },
    p95Ns: { median: 6e6, ratio: { reference: 'plain', ratio: 1.2, lo: 1.1, hi: 1.3, confidence: 0.95 } },
    wireBytesPerRequest: { median: 1000, ratio: { reference: 'plain', ratio: 1, lo: 1, hi: 1, confidence: 0.95 } },
  },
};
const dead: HttpCell = { ...plain, contender: 'dead', status: 'failed', reason: 'the server ended: exit code \u001b[31m1', metrics: {} };
const session: HttpSession = {
  httpVersion: 1, startedAt: '2026-01-02T03:04:05.000Z', durationMs: 80_000, seed: 1, profile: 'quick', reference: 'plain', scenarios: [scenario],
  environment: { node: '26.0.0', v8: '14.0', os: 'Linux 6', arch: 'x64', cpuModel: 'Some CPU', cores: 2, memoryBytes: 8e9, packages: {} },
  cells: [plain, quick, dead],
};

describe('the report of a session over HTTP', () => {
  const document = reportHttp(session);
  const text = terminal.render(document, { color: false, columns: 120 });
  const cells = document.blocks.flatMap((block) => (block.kind === 'section' ? block.blocks : [])).flatMap((block) => (block.kind === 'table' ? block.groups : [])).flatMap(({ rows }) => rows.flat());

  it('shows each figure with its ratio to the reference and the interval', () => {
    expect(text).toContain('2,468, 2.0x (1.9–2.1x)');
    expect(text).toContain('6.00 ms, 1.20x (1.10–1.30x)');
  });

  it('knows that more requests are good and more time is bad', () => {
    expect(cells.find(({ value }) => value === 2468)?.tone).toBe('good');
    expect(cells.find(({ value }) => value === 6e6)?.tone).toBe('bad');
  });

  it('has no ratio where nothing varies, and none for the reference', () => {
    expect(cells.filter(({ value }) => value === 1000).map((cell) => cell.text)).toEqual(['1.00 KB', '1.00 KB']);
    expect(cells.find(({ value }) => value === 1234)?.text).toBe('1,234');
  });

  it('names what failed, in what way, and every warning, without control characters', () => {
    expect(text).toContain('dead: failed: the server ended: exit code ␛[31m1');
    expect(text).toContain('quick: HTTP 503: 2 requests');
    expect(text).toContain('quick: the load generator was busy');
  });

  it('says that it was stopped, and that nothing was measured', () => {
    const stopped = terminal.render(reportHttp({ ...session, cells: [], interrupted: true }), { color: false, columns: 120 });
    expect(stopped).toContain('stopped early');
    expect(stopped).toContain('Nothing was measured.');
  });

  it('tells loads apart', () => {
    const open = terminal.render(reportHttp({ ...session, cells: [plain, { ...plain, load: { kind: 'open', connections: 64, requestsPerSec: 500 } }] }), { color: false, columns: 120 });
    expect(open).toContain('10 connections, each asks again when it has its answer');
    expect(open).toContain('500 requests fall due each second');
  });
});

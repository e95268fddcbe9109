/**
 * Locust's page in a real browser, as people use it: they pick classes, start a load, stop it, and fetch what it wrote.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { readStoredRun } from '../../src/runs/stored-run.ts';
import { patienceMs } from '../patience.ts';
import { endWorker, skipReason as noLocust, startLocustLoad } from '../users/locust-load.ts';
import { answerJson, startTestServer } from '../users/test-server.ts';
import { skipReason as noBrowser, startBrowser } from './chromium.ts';

const skipReason = noBrowser ?? noLocust;
if (skipReason !== undefined) process.stderr.write(`tests of Locust's page are skipped: ${skipReason}\n`);

describe.skipIf(skipReason !== undefined)("Locust's page", { timeout: patienceMs }, () => {
  it('picks two classes, starts and stops them, and has their HTML and CSV', async () => {
    await using server = await startTestServer((_asked, response) => answerJson(response, [1]));
    const load = await startLocustLoad(['--host', server.url]);
    const workers = [load.startWorker(), load.startWorker()];
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await waitForPage(load.page);
      await page.goto(load.page);
      await page.waitForFunction("document.querySelector('#workerCount')?.textContent === '2'");
      await page.selectOption('#user-classes', ['HealthCheckUser', 'StressTestUser']);
      await page.fill('#swarm_form #user_count', '6');
      await page.fill('#swarm_form #spawn_rate', '6');
      await page.click('#swarm_form button[type=submit]');
      await page.waitForFunction("Number(document.querySelector('#userCount')?.textContent) === 6");
      await page.waitForFunction("document.querySelector('#stats')?.textContent.includes('GET /health')");
      await page.click('#box_stop a');
      await page.waitForFunction(
        "document.querySelector('#status_text')?.textContent.trim().toLowerCase() === 'stopped'",
      );
      const csv = await (await fetch(`${load.page}/stats/requests/csv`)).text();
      expect(csv).toContain('GET /health');
      const html = await (await fetch(`${load.page}/stats/report?download=1`)).text();
      expect(html).toContain('GET /health');
    } finally {
      await browser.close();
      load.end();
    }
    const { code } = await load.master;
    expect(code).toBe(0);
    await Promise.all(workers.map(endWorker));
    const { users } = await readStoredRun(path.join(load.out, 'run.json'));
    expect(users?.requests.map(({ userClass }) => userClass)).toContain('HealthCheckUser');
    expect(
      new Set(users?.requests.map(({ userClass }) => userClass)).difference(
        new Set(['HealthCheckUser', 'StressTestUser']),
      ).size,
    ).toBe(0);
    expect(users?.users).toBe(6);
  });
});

/** The page is there a moment after Locust was started. */
async function waitForPage(url: string): Promise<void> {
  const isThere = (): Promise<boolean> =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isThere())) await delay(100);
}

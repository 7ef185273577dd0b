// The report page in a real browser: it stands alone, shows its pictures and tables, and complains of nothing.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, workFolder } from './cli.fixture.ts';

const test = suite('the report page');

const browserPath = '/usr/bin/chromium';
const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** ms, for a machine that gives the browser a tenth of a core. */
const timeout = 600_000;

async function opensAlone(): Promise<void> {
  const work = workFolder();
  await lightbed(work.path, 'run', 'ring');
  const browser = await chromium.launch({ executablePath: browserPath, args: browserFlags, timeout });
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(timeout);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  const url = pathToFileURL(join(work.path, 'results/ring/report.html')).href;
  await page.goto(url);
  assert.match(await page.title(), /ring/i);
  assert.ok((await page.locator('svg').count()) >= 2, 'topology and throughput are drawn in the page');
  assert.ok((await page.locator('table').count()) >= 3, 'cuts, transfers and expectations are tables');
  for (const picture of await page.locator('svg').all()) {
    const box = await picture.boundingBox();
    assert.ok(box !== null && box.width > 100 && box.height > 50, 'each picture has a size');
  }
  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.ok(Number(width) <= 1200, `the page is no wider than the window: ${width}`);
  assert.equal(complaints, []);
  assert.equal(requests, [url], 'nothing else is loaded');
  await browser.close();
  work.remove();
}

if (existsSync(browserPath)) test('opens alone, with its pictures and tables', opensAlone);
else test.skip('opens alone, with its pictures and tables', `there is no ${browserPath}`);

test.run();

/** The page of an audit in a real browser: search, sort, screens of every kind, paper, and texts that would like to be scripts. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AuditReport } from '../../src/model/generated/audit-report.ts';
import { auditHtml } from '../../src/report/audit-html/page.ts';
import { auditReport, hostileTexts } from '../support/audit-reports.ts';
import { findChromium } from '../support/chromium.ts';

const executablePath = findChromium();
let browser: Browser | undefined;

beforeAll(async () => {
  // As root, as in most containers, Chromium has no sandbox of its own.
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());
beforeEach((context) => {
  if (browser === undefined) context.skip('no Chromium: name one in MUSTER_CHROMIUM, or put one on PATH');
});

interface Opened {
  readonly page: Page;
  /** What a page that is alive would leave: requests, dialogs, errors, messages. */
  readonly signs: readonly string[];
}

async function open(report: AuditReport, options: BrowserContextOptions = {}): Promise<Opened> {
  if (browser === undefined) throw new Error('skipped before');
  const path = join(await mkdtemp(join(tmpdir(), 'muster-page-')), 'audit.html');
  await writeFile(path, auditHtml(report));
  const url = pathToFileURL(path).href;
  const signs: string[] = [];
  const page = await browser.newPage(options);
  // Against hangs alone.
  page.setDefaultTimeout(300_000);
  page.on('request', (request) => {
    if (request.url() !== url) signs.push(`request ${request.url()}`);
  });
  page.on('dialog', (dialog) => signs.push(`dialog ${dialog.message()}`));
  page.on('pageerror', (error) => signs.push(`error ${error.message}`));
  page.on('console', (message) => signs.push(`console ${message.text()}`));
  await page.goto(url);
  return { page, signs };
}

const rowsOf = (page: Page): ReturnType<Page['locator']> => page.locator('#open tbody tr:visible');

/** The texts of one column, from the first to the last row that shows. */
const column = async (page: Page, number: number): Promise<readonly string[]> =>
  await page.locator(`#open tbody tr:visible td:nth-child(${number})`).allInnerTexts();

test('search shows the rows that have every word, says how many, and shows all again when it is cleared', async () => {
  const report = auditReport(12);
  const { page, signs } = await open(report);
  const all = await rowsOf(page).count();
  const search = page.getByRole('searchbox');
  const shown = page.locator('.tools output');

  await search.fill('PERSON7 old-token');
  await shown.filter({ hasText: `1 of ${all}` }).waitFor();
  expect(await column(page, 3)).toEqual(['person7']);

  await search.fill('nobody is called so');
  await shown.filter({ hasText: `0 of ${all}` }).waitFor();

  await search.fill('');
  await shown.filter({ hasText: `${all} of ${all}` }).waitFor();
  expect(await rowsOf(page).count()).toBe(all);

  await page.getByLabel('Severity').selectOption('critical');
  await shown.filter({ hasText: `${report.summary.findings.critical} of ${all}` }).waitFor();
  expect(new Set(await column(page, 1))).toEqual(new Set(['critical']));
  expect(signs).toEqual([]);
});

test('a click on a heading sorts by it, another one the other way round; severities sort by how serious they are', async () => {
  const { page } = await open(auditReport(12));
  const heading = (name: string): ReturnType<Page['locator']> =>
    page.locator('#open').getByRole('button', { name, exact: true });
  const byNumber = new Intl.Collator('en', { numeric: true });

  await heading('Person').click();
  const up = await column(page, 3);
  await heading('Person').click();
  const down = await column(page, 3);
  await heading('Severity').click();
  const severities = await column(page, 1);

  expect(up).toEqual(up.toSorted(byNumber.compare));
  expect(up.indexOf('person10')).toBeGreaterThan(up.indexOf('person9'));
  expect(down).toEqual(up.toReversed());
  expect([...new Set(severities)]).toEqual(['critical', 'high', 'medium', 'low', 'info']);
  expect(await page.locator('#open th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
});

test('hostile texts stay texts: no script runs, nothing is asked for, also while rows are searched and sorted', async () => {
  // Formulas are dangerous elsewhere.
  const markup = hostileTexts.filter((text) => /[<>"'&]/.test(text));
  expect(markup.length).toBeGreaterThan(5);
  for (const text of markup) {
    const { page, signs } = await open(auditReport(1, () => text));
    const title = await page.title();
    const elements = await page.locator('*').count();

    await page.getByRole('searchbox').fill('a');
    await page.locator('.tools output').filter({ hasText: ' of ' }).waitFor();
    await page.locator('#open').getByRole('button', { name: 'Person' }).click();

    expect(await page.locator('*').count()).toBe(elements);
    expect(await page.locator('img, iframe, h1 + h1, script + script').count()).toBe(0);
    expect(await page.title()).toBe(title);
    expect(signs).toEqual([]);
    await page.close();
  }
});

test('the policy of the page stops a script and an image that someone puts into it afterwards', async () => {
  const { page, signs } = await open(auditReport(1));

  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<img src="https://evil.example/p.png" onerror="document.title = 1">')`,
  );
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => setTimeout(done)))`);

  expect(signs.filter((sign) => sign.startsWith('console') && sign.includes('Content Security Policy'))).not.toEqual(
    [],
  );
  expect(await page.title()).toBe('Access audit of https://chat.example.com');
});

test('without scripts every row is there, and no tools that would do nothing', async () => {
  const report = auditReport(3);
  const { page } = await open(report, { javaScriptEnabled: false });

  expect(await rowsOf(page).count()).toBe(report.findings.filter(({ waived }) => waived === undefined).length);
  expect(await page.locator('.tools').isVisible()).toBe(false);
});

test('the page is no wider than a phone, whatever the names are', async () => {
  for (const report of [
    auditReport(2),
    auditReport(2, () => 'x'.repeat(200)),
    auditReport(2, () => '=cmd|<b>"'.repeat(20)),
  ]) {
    const { page } = await open(report, { viewport: { width: 390, height: 844 } });

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  }
});

test('it is light, dark where that is preferred, and always light and without tools on paper', async () => {
  const lightness = async (page: Page): Promise<number> =>
    Number(await page.evaluate(`getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]`));
  const { page } = await open(auditReport(2));

  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness(page)).toBe(255);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await lightness(page)).toBeLessThan(50);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await lightness(page)).toBe(255);
  expect(await page.locator('.tools').isVisible()).toBe(false);
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
});

const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;

test('of twenty thousand findings every row is there, and what is searched is found and printed', async () => {
  const report = auditReport(834);
  const { page } = await open(report);
  const all = report.findings.filter(({ waived }) => waived === undefined).length;

  expect(await page.locator('#open tbody tr').count()).toBe(all);
  await page.getByRole('searchbox').fill('person833 leaver-token');
  await page
    .locator('.tools output')
    .filter({ hasText: `1 of ${all}` })
    .waitFor();
  // Waived findings have a table of their own.
  expect(pagesOf(await page.pdf({ format: 'A4' }))).toBeLessThan(all / 40);
});

test('of two thousand findings every row is printed', async () => {
  const report = auditReport(84);
  const { page } = await open(report);
  const all = report.findings.filter(({ waived }) => waived === undefined).length;

  expect(all).toBeGreaterThan(1500);
  expect(pagesOf(await page.pdf({ format: 'A4' }))).toBeGreaterThan(all / 40);
});

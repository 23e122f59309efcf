/** The status page in a real browser, served as muster reconcile serves it: screens of every kind, and texts that would like to be scripts. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Endpoints, openEndpoints } from '../../src/daemon/endpoints.ts';
import { type ShownServer, statusHtml, statusPolicy } from '../../src/report/status-html/page.ts';
import { hostileTexts } from '../support/audit-reports.ts';
import { findChromium } from '../support/chromium.ts';
import { stateNowMs, statesOf } from '../support/reconcile-states.ts';

const executablePath = findChromium();
let browser: Browser | undefined;
let endpoints: Endpoints;
let servers: readonly ShownServer[] = [];

beforeAll(async () => {
  // As root, as in most containers, Chromium has no sandbox of its own.
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  endpoints = await openEndpoints(
    { host: '127.0.0.1', port: 0 },
    {
      states: () => [],
      now: () => stateNowMs,
      metrics: () => Promise.resolve(''),
      page: () => ({
        html: statusHtml({ servers, nowMs: stateNowMs, redact: false, tool: 'muster' }),
        policy: statusPolicy,
      }),
    },
  );
});
afterAll(async () => {
  await browser?.close();
  await endpoints.close();
});
beforeEach((context) => {
  if (browser === undefined) context.skip('no Chromium: name one in MUSTER_CHROMIUM, or put one on PATH');
  servers = statesOf();
});

interface Opened {
  readonly page: Page;
  /** What a page that is alive would leave: requests, dialogs, errors, messages. */
  readonly signs: readonly string[];
}

async function open(options: BrowserContextOptions = {}): Promise<Opened> {
  if (browser === undefined) throw new Error('skipped before');
  const url = `http://127.0.0.1:${endpoints.port}/`;
  const signs: string[] = [];
  const page = await browser.newPage(options);
  // Against hangs alone.
  page.setDefaultTimeout(300_000);
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().endsWith('/favicon.ico')) signs.push(`request ${request.url()}`);
  });
  page.on('dialog', (dialog) => signs.push(`dialog ${dialog.message()}`));
  page.on('pageerror', (error) => signs.push(`error ${error.message}`));
  await page.goto(url);
  return { page, signs };
}

test('each state looks different from each other one, also without colours', async () => {
  const { page } = await open();

  const looks = await page.evaluate<readonly string[]>(
    `['ok', 'paused', 'quarantined', 'failing', 'stale'].map((state) => {
      const look = getComputedStyle(document.querySelector('.state.' + state));
      const sign = getComputedStyle(document.querySelector('.state.' + state), '::before').content;
      return [look.borderTopStyle, look.borderTopColor === 'rgba(0, 0, 0, 0)', look.backgroundColor !== 'rgba(0, 0, 0, 0)', sign].join();
    })`,
  );

  expect(new Set(looks).size).toBe(5);
  // Borders and grounds alone tell them apart, too.
  expect(new Set(looks.map((look) => look.split(',').slice(0, 3).join())).size).toBe(5);
});

test.each([
  ['a wide screen', 1280],
  ['a phone', 390],
  ['a narrow phone', 320],
])('nothing is wider than %s', async (_, width) => {
  const { page } = await open({ viewport: { width, height: 844 } });

  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  await page.close();
});

/** The contrast of each text that shows with what it stands on, by the formula of WCAG. */
const contrasts = `(() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).slice(0, 3).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (numbers(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')].filter(({ childNodes }) => [...childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '')).map((element) => {
    const [one, other] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  });
})()`;

test.each(['light', 'dark'] as const)('every text can be read on a %s screen', async (colorScheme) => {
  const { page } = await open({ colorScheme });

  const all = await page.evaluate<readonly number[]>(contrasts);

  expect(all.length).toBeGreaterThan(100);
  expect(Math.min(...all)).toBeGreaterThan(4.5);
  await page.close();
});

test('hostile texts stay texts: no script runs, and nothing is asked for', async () => {
  const elements = await (await open()).page.locator('*').count();
  for (const text of hostileTexts) {
    servers = statesOf(() => text);
    const { page, signs } = await open();

    expect(await page.locator('*').count()).toBe(elements);
    expect(await page.locator('img, iframe, script').count()).toBe(0);
    expect(signs).toEqual([]);
    await page.close();
  }
});

test('the policy of the page stops a script that someone puts into it afterwards, and the page is read again by itself', async () => {
  const { page } = await open();

  await page.evaluate(
    `document.body.insertAdjacentHTML('beforeend', '<img src="x" onerror="document.title = 1">'); new Promise((done) => requestAnimationFrame(() => setTimeout(done)))`,
  );

  expect(await page.title()).toBe('muster reconcile: 7 servers');
  expect(await page.locator('meta[http-equiv=refresh]').getAttribute('content')).toBe('30');
});

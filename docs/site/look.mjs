/** Opens the built site in Chromium, tries the search, and takes pictures, at two widths, with scripts and without. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const out = fileURLToPath(new URL('dist-pictures', import.meta.url));
mkdirSync(out, { recursive: true });
const { url, close } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.MUSTER_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const pages = [
  'index',
  'first-day',
  'recipes',
  'comparison',
  'deploy',
  'gitops',
  'files',
  'reference/errors',
  'reference/exit-codes',
  'reference/metrics',
];
const widths = { phone: 390, desktop: 1440 };
const flaws = [];

for (const [device, width] of Object.entries(widths)) {
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    // The browser itself ends what is no longer needed, and loads no scripts where they are switched off.
    const isExpected = (text) => text === 'net::ERR_ABORTED' || (!javaScriptEnabled && text === 'csp');
    page.on('requestfailed', (request) => {
      if (!isExpected(request.failure()?.errorText)) flaws.push(`failed: ${request.url()}`);
    });
    page.on(
      'request',
      (request) =>
        request.url().startsWith(url) || request.url().startsWith('data:') || flaws.push(`asked ${request.url()}`),
    );
    page.on('pageerror', (error) => flaws.push(`script: ${error.message}`));
    page.on('response', (response) => response.status() >= 400 && flaws.push(`${response.status()} ${response.url()}`));
    for (const name of pages) {
      await page.goto(`${url}/${name}.html`, { waitUntil: 'load' });
      await page.screenshot({
        path: `${out}/${name.replace('/', '-')}-${device}${javaScriptEnabled ? '' : '-no-script'}.png`,
      });
      const text = await page.locator('main').innerText();
      if (text.length < 500) flaws.push(`${name} at ${device} shows ${text.length} characters`);
      if (!(await page.locator('.all-pages a').first().isVisible()))
        flaws.push(`${name} at ${device} has no list of pages`);
      const isWide = await page
        .locator('html')
        .evaluate((html) => html.scrollWidth > html.clientWidth + 1)
        .catch(() => false);
      if (isWide) flaws.push(`${name} at ${device} is wider than the screen`);
    }
    if (javaScriptEnabled) flaws.push(...(await search(page, device)));
    await context.close();
  }
}
await browser.close();
close();
for (const flaw of new Set(flaws)) console.error(flaw);
console.log(`looked at ${pages.length} pages, ${flaws.length} flaws; pictures in ${out}`);
process.exitCode = flaws.length === 0 ? 0 : 1;

async function search(page, device) {
  await page.goto(`${url}/`, { waitUntil: 'load' });
  await page.locator('.VPNavBarSearch button').first().click();
  await page.locator('#localsearch-input').fill('rotate token');
  await page.locator('.VPLocalSearchBox .result').first().waitFor({ timeout: 15_000 });
  await page.screenshot({ path: `${out}/search-${device}.png` });
  const results = await page.locator('.VPLocalSearchBox .result').allInnerTexts();
  await page.locator('.VPLocalSearchBox .result').first().click();
  return results.some((text) => /rotate/i.test(text))
    ? []
    : [`the search at ${device} found ${results.length} places, none on rotation`];
}

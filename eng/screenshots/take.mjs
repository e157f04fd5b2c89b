// Makes designs, then photographs the studio, the dashboard's Resources page and the trace of one design. Arguments: the AppHost's log, the folder.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [log, folder] = process.argv.slice(2);
const text = readFileSync(log, 'utf8');
const dashboard = text.match(/Dashboard\s+(\S+)/)[1];
const api = text.match(/API\s+(http\S+)/)[1];
const credential = text.match(/pcdev_dev\.[0-9a-f]+/)[0];
// The answer comes when the job has ended: nothing is polled, and nobody meets the limit of requests.
const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json', prefer: 'wait=60' };

async function make(prompt, style, options = {}) {
  const body = JSON.stringify({ prompt, style, options: { quality: 'draft', seed: 7, ...options } });
  const generation = await (await fetch(`${api}/api/v1/generations`, { method: 'POST', headers, body })).json();
  if (generation.status !== 'succeeded') throw new Error(JSON.stringify(generation));
  return generation;
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

const page = await browser.newPage({ viewport: { width: 1440, height: 720 }, colorScheme: 'dark' });
await page.goto(dashboard);
await page.getByText('replicate', { exact: true }).first().waitFor();
await page.waitForFunction(() => document.body.innerText.split('Running').length > 7 && !document.body.innerText.includes('Unhealthy'), null, { timeout: 60000 });
await page.screenshot({ path: `${folder}/dashboard-resources.png` });

/** As JPEG where it is a picture: a fifth of the size. */
async function design(name, generation) {
  const page = await browser.newPage({ viewport: { width: 512, height: 512 } });
  await page.goto(generation.imageUrl);
  await page.screenshot({ path: `${folder}/${name}.jpg`, quality: 88 });
  await page.close();
}

const small = { width: 512, height: 512 };
await design('design-watercolor', await make('a sailing boat on a calm sea at sunset', 'watercolor', small));
await design('design-minimalist', await make('mountains under the moon', 'minimalist', small));
await design('design-cartoon', await make('a fox in a forest', 'cartoon', small));
const traced = await make('a mountain lake in the morning', 'photorealistic', small);
await design('design-photorealistic', traced);

const more = [
  ['An island with palms', 'watercolor', { width: 896, height: 1152 }], ['Hot air balloons over hills', 'cartoon', { width: 1344, height: 768 }], ['A cat under a tree at night', 'minimalist'],
  ['City lights at night', 'photorealistic'], ['A lighthouse above a stormy sea at sunset', 'watercolor'], ['Snow in the mountains', 'cartoon', { seed: 3, count: 3 }],
];
for (const [prompt, style, options] of more) await make(prompt, style, options);

async function studio(options) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, ...options });
  await page.goto(api);
  await page.getByRole('button', { name: 'Continue without an account' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

/** The picture of that prompt on the stage, and all of it faded in. */
async function show(page, prompt) {
  await page.getByRole('region', { name: 'Your pictures' }).getByRole('button', { name: prompt }).first().click();
  await page.locator('#stage .is-here').waitFor();
  await page.waitForFunction(() => [...document.images].every(image => image.complete || image.loading === 'lazy'));
  await page.waitForTimeout(900);
}

const take = (page, name, options = {}) => page.screenshot({ path: `${folder}/${name}.jpg`, quality: 85, ...options });

const light = await studio({ colorScheme: 'light' });
await show(light, 'Snow in the mountains');
await light.evaluate(() => scrollTo(0, 0));
await take(light, 'studio-light');
await light.locator('#gallery').evaluate(gallery => scrollTo(0, gallery.offsetTop - 400));
await light.waitForTimeout(600);
await take(light, 'studio-gallery');
await light.evaluate(() => scrollTo(0, 0));
await light.getByRole('radio', { name: 'Watercolor' }).check();
await light.getByRole('radio', { name: 'Draft' }).check();
await light.getByLabel('What shall it be?').fill('A lighthouse on a cliff, birds in the evening light');
await light.getByRole('button', { name: 'Generate' }).click();
await light.waitForFunction(() => document.querySelector('#running-bar')?.value > 35);
await take(light, 'studio-progress');
await light.close();

const dark = await studio({ colorScheme: 'dark' });
await show(dark, 'City lights at night');
await dark.evaluate(() => scrollTo(0, 0));
await take(dark, 'studio-dark');
await dark.close();

const phone = await studio({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
await show(phone, 'An island with palms');
await take(phone, 'studio-phone', { quality: 80 });
await phone.close();

await page.setViewportSize({ width: 1440, height: 1000 });
await page.goto(new URL(`/traces/detail/${traced.traceId}`, dashboard).toString());
await page.getByText('generate_content').first().waitFor();
await page.screenshot({ path: `${folder}/dashboard-trace.png` });
await browser.close();

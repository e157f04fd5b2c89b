// Makes designs, then photographs the dashboard's Resources page and the trace of one of them. Arguments: the AppHost's log, the folder.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [log, folder] = process.argv.slice(2);
const text = readFileSync(log, 'utf8');
const dashboard = text.match(/Dashboard\s+(\S+)/)[1];
const api = text.match(/API\s+(http\S+)/)[1];
const credential = text.match(/pcdev_dev\.[0-9a-f]+/)[0];
const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };

async function design(name, body) {
  let generation = await (await fetch(`${api}/api/v1/generations`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  if (!generation.id) throw new Error(JSON.stringify(generation));
  while (!['succeeded', 'failed'].includes(generation.status)) {
    await new Promise(done => setTimeout(done, 200));
    generation = await (await fetch(`${api}${generation.links.self}`, { headers })).json();
  }
  if (generation.status !== 'succeeded') throw new Error(JSON.stringify(generation));
  writeFileSync(`${folder}/${name}.png`, Buffer.from(await (await fetch(generation.imageUrl)).arrayBuffer()));
  return generation;
}

const options = seed => ({ quality: 'draft', width: 512, height: 512, seed });
await design('design-watercolor', { prompt: 'a sailing boat on a calm sea at sunset', style: 'watercolor', options: options(7) });
await design('design-minimalist', { prompt: 'mountains under the moon', style: 'minimalist', options: options(7) });
await design('design-cartoon', { prompt: 'a fox in a forest', style: 'cartoon', options: options(7) });
const traced = await design('design-photorealistic', { prompt: 'a mountain lake in the morning', style: 'photorealistic', options: options(7) });

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 720 }, colorScheme: 'dark' });
await page.goto(dashboard);
await page.getByText('replicate', { exact: true }).first().waitFor();
await page.waitForFunction(() => document.body.innerText.split('Running').length > 7 && !document.body.innerText.includes('Unhealthy'), null, { timeout: 60000 });
await page.screenshot({ path: `${folder}/dashboard-resources.png` });

await page.setViewportSize({ width: 1440, height: 1000 });
await page.goto(new URL(`/traces/detail/${traced.traceId}`, dashboard).toString());
await page.getByText('generate_content').first().waitFor();
await page.screenshot({ path: `${folder}/dashboard-trace.png` });
await browser.close();

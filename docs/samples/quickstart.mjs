// A prompt becomes a picture, with nothing but Node 20 (or a browser's fetch).
//   PRINTCRAFT_CREDENTIAL=pcdev_dev.… node docs/samples/quickstart.mjs "a fox in the snow" fox.png
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

const url = process.env.PRINTCRAFT_URL ?? 'http://localhost:5310';
const [prompt = 'a lighthouse above a stormy sea', file = 'design.png'] = process.argv.slice(2);

async function api(path, { headers, ...options } = {}) {
  const answer = await fetch(url + path, { ...options, headers: { Authorization: `Bearer ${process.env.PRINTCRAFT_CREDENTIAL}`, ...headers } });
  if (answer.ok) return answer;
  const { error, traceId } = await answer.json(); // every error has this shape; decide by error.code
  throw new Error(`${error.code}: ${error.message} (trace ${traceId})`);
}

// Safe to repeat with the same key: it is one order.
const order = {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
  body: JSON.stringify({ prompt, style: 'watercolor', options: { quality: 'draft' } }),
};
let generation = await (await api('/api/v1/generations', order)).json();

// Server-sent events: one block of lines per event, with its number, name and data.
const events = await api(generation.links.events);
let text = '';
for await (const chunk of events.body.pipeThrough(new TextDecoderStream())) {
  const blocks = (text += chunk).split('\n\n');
  text = blocks.pop();
  for (const data of blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('data: '))) {
    const { type, progress } = JSON.parse(data.slice('data: '.length));
    console.log(`${progress} % ${type}`);
  }
}

generation = await (await api(generation.links.self)).json();
if (generation.status !== 'succeeded') throw new Error(`${generation.status}: ${generation.error?.message}`);
await writeFile(file, Buffer.from(await (await fetch(generation.imageUrl)).arrayBuffer()));
console.log(`${file}, ${generation.credits.charged} credits`);

// Clients of both realtime wires. Node 20 with --experimental-websocket, or 22, and nothing else; SignalR's JSON protocol is spoken by hand.
//   node realtime.mjs memory  --url URL --pid PID --wire sse|hub --clients 500     what so many idle clients cost the api
//   node realtime.mjs latency --url URL --subscribers 200 --seconds 20 --rate 10   from an event's timestamp to its arrival
// PRINTCRAFT_KEY: the key of the development credentials.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { parseArgs } from 'node:util';

const { values: o, positionals: [what] } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' }, pid: { type: 'string' }, wire: { type: 'string', default: 'sse' }, clients: { type: 'string', default: '500' }, rest: { type: 'string', default: '20' },
    subscribers: { type: 'string', default: '200' }, seconds: { type: 'string', default: '20' }, rate: { type: 'string', default: '10' },
  },
});
const PLACES = 5; // RateLimits:StreamsPerUser
const END = '\u001e';
const run = randomBytes(4).toString('hex');
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const now = () => performance.timeOrigin + performance.now();
const credential = (name) => `pcdev_${name}.${createHmac('sha256', process.env.PRINTCRAFT_KEY).update(name).digest('hex')}`;
const agent = new http.Agent({ maxSockets: Infinity });

function sse(token, tell) {
  return new Promise((ok, no) => {
    const request = http.get(`${o.url}/api/v1/generations/events`, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      if (response.statusCode !== 200) return no(new Error(`the stream answered ${response.statusCode}`));
      let rest = '';
      response.setEncoding('utf8').on('error', () => {}).on('data', (text) => {
        const at = now();
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block);
          if (data) tell(JSON.parse(data[1]), at);
        }
      });
      ok(() => request.destroy());
    }).on('error', no);
  });
}

function hub(token, tell) {
  return new Promise((ok, no) => {
    const socket = new WebSocket(`${o.url.replace('http', 'ws')}/hubs/generations?access_token=${token}`);
    const send = (message) => socket.send(JSON.stringify(message) + END);
    socket.onerror = () => no(new Error('the hub refused'));
    socket.onopen = () => { send({ protocol: 'json', version: 1 }); send({ type: 1, invocationId: '1', target: 'subscribe:user', arguments: [] }); };
    socket.onmessage = ({ data }) => {
      const at = now();
      for (const part of data.split(END).slice(0, -1)) {
        const message = JSON.parse(part);
        if (message.type === 1) tell(message.arguments[0], at);
        if (message.type === 3) { if (message.error) no(new Error(message.error)); else ok(() => socket.close()); }
      }
    };
  });
}

const open = { sse, hub };
const rss = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${o.pid}/status`, 'utf8'))[1]) / 1024;

async function memory() {
  const clients = Number(o.clients);
  const token = (i) => credential(`idle-${run}-${Math.floor(i / PLACES)}`);
  // One of each first: what is compiled and opened once is no client's.
  for (const close of [await open[o.wire](credential(`first-${run}`), () => {})]) { await sleep(2000); close(); }
  await sleep(3000);
  const before = rss();
  for (let i = 0; i < clients; i += 25) {
    await Promise.all(Array.from({ length: Math.min(25, clients - i) }, (_, k) => open[o.wire](token(i + k), () => {})));
  }
  const opened = rss();
  await sleep(Number(o.rest) * 1000);
  const rested = rss();
  const cost = Math.max(opened, rested) - before;
  console.log(`${clients} idle ${o.wire} clients: ${before.toFixed(0)} MB before, ${opened.toFixed(0)} when open, ${rested.toFixed(0)} after ${o.rest} s: ${cost.toFixed(1)} MB, ${((cost * 1024) / clients).toFixed(0)} KB each; limit 60 MB: ${cost <= 60 ? 'met' : 'NOT MET'}`);
}

async function latency() {
  const subscribers = Number(o.subscribers);
  const users = Math.ceil(subscribers / PLACES);
  const late = { sse: [], hub: [] };
  for (let i = 0; i < subscribers; i++) {
    const wire = i % 2 ? 'hub' : 'sse';
    // The order's own event is written by the api, which tells its own streams at once; the rest is the worker's.
    await open[wire](credential(`watch-${run}-${Math.floor(i / PLACES)}`), (event, at) => { if (event.type !== 'accepted' && measuring) late[wire].push(at - Date.parse(event.timestamp)); });
  }
  const orders = Number(o.rate) * Number(o.seconds);
  let refused = 0;
  const order = (i) => fetch(`${o.url}/api/v1/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${credential(`watch-${run}-${i % users}`)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: `A beautiful sunset, number ${i}`, options: { quality: 'draft', width: 512, height: 512 } }),
  }).then((answer) => { refused += answer.ok ? 0 : 1; return answer.arrayBuffer(); });
  // Compiled first.
  for (let i = 0; i < users; i++) await order(i);
  await sleep(3000);
  measuring = true;
  for (let i = 0; i < orders; i++) { order(i); await sleep(1000 / Number(o.rate)); }
  await sleep(3000);
  for (const wire of ['sse', 'hub']) {
    const sorted = late[wire].sort((a, b) => a - b);
    const q = (p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]?.toFixed(1);
    console.log(`${wire}: ${sorted.length} events to ${subscribers / 2} of ${subscribers} subscribers, timestamp to arrival p50 ${q(0.5)} p95 ${q(0.95)} p99 ${q(0.99)} max ${q(1)} ms; limit of p95 50 ms: ${sorted.length && q(0.95) < 50 ? 'met' : 'NOT MET'}`);
  }
  if (refused) console.log(`${refused} orders were refused: the figures are of fewer`);
}

let measuring = false;
await { memory, latency }[what]();
process.exit(0);

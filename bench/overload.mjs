// The driver of overload.sh: raw keep-alive connections, so that it takes little of the machine that it measures.
//   --url, --api PID, --seconds N, --callers N; --users: only makes the users known; --check: ends with 1 when a target is missed
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';

const option = (name, other) => (process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : other);
const url = new URL(option('url'));
const [api, seconds, callers] = [option('api'), Number(option('seconds', 10)), Number(option('callers', 64))];
const OVERLOAD = 3;
const CONNECTIONS = 512;

const credentials = Array.from({ length: callers }, (_, i) => `overload-${i}`)
  .map((name) => `pcdev_${name}.${createHmac('sha256', process.env.PRINTCRAFT_KEY).update(name).digest('hex')}`);
const message = (credential, method, path, body) => Buffer.from(
  `${method} ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${credential}\r\n`
  + (body ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}` : '\r\n'));
const order = JSON.stringify({ prompt: 'A pier at dawn', options: { quality: 'draft', width: 512, height: 512 } });

class Connection {
  constructor() {
    this.text = '';
    this.socket = net.connect(Number(url.port), url.hostname).setNoDelay(true).setEncoding('latin1');
    this.socket.on('data', (text) => { this.text += text; this.read(); });
    this.socket.on('error', (error) => this.end?.({ status: 0, error }));
    this.socket.on('close', () => this.end?.({ status: 0 }));
  }

  ask(bytes) {
    return new Promise((end) => {
      this.end = end;
      this.asked = performance.now();
      this.socket.write(bytes);
    });
  }

  read() {
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.text.slice(0, head));
    if (length ? this.text.length < head + 4 + Number(length[1]) : !this.text.endsWith('0\r\n\r\n')) return;
    const [answer, end] = [this.text, this.end];
    [this.text, this.end] = ['', null];
    end({ status: Number(answer.slice(9, 12)), ms: performance.now() - this.asked, retry: /\r\nretry-after: \d/i.test(answer.slice(0, head + 2)), answer });
  }
}

const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${api}/status`, 'utf8'))[1]) / 1024;
const cpu = () => { const stat = readFileSync(`/proc/${api}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(stat[11]) + Number(stat[12])) * 10; };
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;

function summary(answers, elapsed, peak, used) {
  const served = answers.filter((one) => one.status >= 200 && one.status < 300).map((one) => one.ms).sort((a, b) => a - b);
  const refused = answers.filter((one) => one.status === 503 || one.status === 429);
  return {
    offered: answers.length / elapsed, served: served.length / elapsed, p50: quantile(served, 0.5), p99: quantile(served, 0.99),
    refused: refused.length, silent: refused.filter((one) => !one.retry).length, refusedP99: quantile(refused.map((one) => one.ms).sort((a, b) => a - b), 0.99),
    other: answers.length - served.length - refused.length, peak, cpu: used / elapsed / 10,
  };
}

async function measure(run) {
  const [answers, began, before] = [[], performance.now(), cpu()];
  let peak = rss();
  const watch = setInterval(() => { peak = Math.max(peak, rss()); }, 200);
  await run((answer) => { delete answer.answer; answers.push(answer); });
  clearInterval(watch);
  return summary(answers, (performance.now() - began) / 1000, peak, cpu() - before);
}

// So many callers, each with its next request when it has its answer: the rate that can be served.
const closed = (connections, requests) => measure(async (keep) => {
  const until = performance.now() + seconds * 1000;
  await Promise.all(connections.slice(0, callers).map(async (connection, i) => {
    while (performance.now() < until) keep(await connection.ask(requests[i]));
  }));
});

// So many requests a second, whatever comes back.
const open = (connections, requests, rate) => measure(async (keep) => {
  const [free, began, flying] = [[...connections], performance.now(), new Set()];
  let sent = 0;
  while (performance.now() - began < seconds * 1000) {
    for (const due = (performance.now() - began) / 1000 * rate; sent < due && free.length > 0; sent++) {
      const connection = free.pop();
      const answer = connection.ask(requests[sent % requests.length]).then((one) => { keep(one); free.push(connection); flying.delete(answer); });
      flying.add(answer);
    }
    await new Promise((next) => setTimeout(next, 1));
  }
  await Promise.all(flying);
});

const connections = Array.from({ length: CONNECTIONS }, () => new Connection());
if (process.argv.includes('--users')) {
  for (const credential of credentials) {
    const answer = await connections[0].ask(message(credential, 'GET', '/api/v1/generations?limit=1'));
    if (answer.status !== 200) throw new Error(answer.answer);
  }
  process.exit(0);
}

const ids = [];
for (const credential of credentials) {
  const answer = await connections[0].ask(message(credential, 'POST', '/api/v1/generations', order));
  if (answer.status !== 201) throw new Error(answer.answer);
  ids.push(/"id":"([^"]+)"/.exec(answer.answer)[1]);
}

const kinds = {
  read: credentials.map((credential, i) => message(credential, 'GET', `/api/v1/generations/${ids[i]}`)),
  create: credentials.map((credential) => message(credential, 'POST', '/api/v1/generations', order)),
};
let missed = false;
const row = (name, one) => console.log(
  `${name.padEnd(24)} ${one.offered.toFixed(0).padStart(8)} ${one.served.toFixed(0).padStart(8)} ${one.p50.toFixed(1).padStart(8)} ${one.p99.toFixed(1).padStart(8)}`
  + ` ${String(one.refused).padStart(8)} ${(one.refusedP99 || 0).toFixed(1).padStart(8)} ${String(one.other).padStart(6)} ${one.peak.toFixed(0).padStart(6)} MB ${one.cpu.toFixed(0).padStart(5)} %`);
console.log(`${''.padEnd(24)} ${'asked/s'.padStart(8)} ${'served/s'.padStart(8)} ${'p50 ms'.padStart(8)} ${'p99 ms'.padStart(8)} ${'refused'.padStart(8)} ${'p99 ms'.padStart(8)} ${'other'.padStart(6)} ${'RSS'.padStart(9)} ${'CPU'.padStart(7)}`);
for (const [name, requests] of Object.entries(kinds)) {
  await closed(connections, requests); // warm
  const normal = await closed(connections, requests);
  row(`${name}, normal`, normal);
  const over = await open(connections, requests, OVERLOAD * normal.served);
  row(`${name}, ${OVERLOAD} times that`, over);
  const ratio = over.p99 / normal.p99;
  const good = ratio < 2 && over.silent === 0 && over.other === 0 && over.refused > 0;
  missed ||= !good;
  console.log(`${name}: accepted p99 ${ratio.toFixed(2)} x of normal, served ${(over.served / normal.served * 100).toFixed(0)} % of normal, asked ${(over.offered / normal.served).toFixed(1)} x,`
    + ` refused without Retry-After ${over.silent}: ${good ? 'met' : 'NOT MET'}`);
}
process.exit(process.argv.includes('--check') && missed ? 1 : 0);

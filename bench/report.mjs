// Reads the lines of the driver, writes medians, ratios and whether the targets are met.
//   --progress   one short line per measurement instead      --json FILE   everything measured      --check   exit code 1 when a target is missed
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: { progress: { type: 'boolean' }, json: { type: 'string' }, check: { type: 'boolean' } } });
const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l)).filter((l) => !l.summary);

const median = (a) => { const s = [...a].sort((x, y) => x - y); return s.length ? (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2 : NaN; };
const show = (x, d) => (Number.isFinite(x) ? x.toFixed(d ?? (x >= 100 ? 0 : x >= 10 ? 1 : 2)) : '-');
const key = (l) => (l.scenario === 'create' && `${l.label}`.endsWith('-stopped') ? 'create-stopped' : l.scenario);
const operations = (l) => l.n ?? l.requests;
// Milliseconds of CPU per operation; the driver and the simulator are not part of a system.
const OUTSIDE = ['driver', 'provider'];
const cpu = (l, part) => Object.entries(l.cpuSeconds ?? {})
  .filter(([name]) => (part ? name === part : !OUTSIDE.includes(name))).reduce((sum, [, s]) => sum + s, 0) * 1000 / operations(l);
const wrong = (l) => (l.errors ?? 0) + (l.failed ?? 0) + (l.createErrors ?? 0) + (l.sampledNotSucceeded ?? 0);

if (o.progress) {
  for (const l of lines) {
    const speed = l.rps ? `${show(l.rps)} req/s` : l.jobsPerSecond ? `${show(l.jobsPerSecond)} jobs/s` : '';
    console.log(`          ${l.system} ${key(l)}: ${speed} ${l.p50 ? `p50 ${l.p50} p95 ${l.p95} ms` : ''} cpu ${show(cpu(l))} ms${wrong(l) ? ` ERRORS ${wrong(l)}` : ''}`);
  }
  process.exit(0);
}

// What is measured, of which line, and what it must be: a factor of the peer's figure, or a limit of its own.
const ROWS = [
  ['create, worker running', 'create', 'req/s', (l) => l.rps, { atLeast: 1.5 }],
  ['', 'create', 'p50 ms', (l) => l.p50],
  ['', 'create', 'p95 ms', (l) => l.p95],
  ['create, worker stopped', 'create-stopped', 'req/s', (l) => l.rps, { atLeast: 2 }],
  ['', 'create-stopped', 'CPU ms', (l) => cpu(l)],
  ['drain', 'drain', 'jobs/s', (l) => l.jobsPerSecond, { atLeast: 1.2 }],
  ['', 'drain', 'CPU ms', (l) => cpu(l), { atMost: 0.85 }],
  ['create to completion event', 'latency', 'p50 ms', (l) => l.p50, { atMost: 1.1 }],
  ['', 'latency', 'p95 ms', (l) => l.p95, { atMost: 1.1 }],
  ['', 'latency', 'CPU ms', (l) => cpu(l)],
  ['read by id', 'read', 'req/s', (l) => l.rps, { atLeast: 1.5 }],
  ['', 'read', 'CPU ms', (l) => cpu(l)],
  ['list 20', 'list', 'req/s', (l) => l.rps, { atLeast: 1.5 }],
  ['', 'list', 'CPU ms', (l) => cpu(l)],
  ['idle memory', 'memory', 'api MB', (l) => l.api, { limit: 150 }],
  ['', 'memory', 'worker MB', (l) => l.worker, { limit: 120 }],
];
const of = (system, scenario, value) => median(lines.filter((l) => l.system === system && key(l) === scenario).map(value));

const table = [];
for (const [title, scenario, unit, value, target] of ROWS) {
  const peer = of('seed-node', scenario, value);
  const own = of('printcraft', scenario, value);
  const ratio = own / peer;
  const met = !target ? undefined
    : target.limit ? (Number.isFinite(own) ? own <= target.limit : undefined)
    : !Number.isFinite(ratio) ? undefined
    : target.atLeast ? ratio >= target.atLeast : ratio <= target.atMost;
  table.push({ title, scenario, unit, peer, own, ratio, target: !target ? '' : target.limit ? `<= ${target.limit}` : target.atLeast ? `>= ${target.atLeast} x` : `<= ${target.atMost} x`, met });
}

const rounds = new Set(lines.map((l) => parseInt(l.label)).filter(Number.isFinite)).size;
console.log(`\nMedians of ${rounds} round(s). CPU: ms per operation over all processes of a system (neither driver nor simulator).\n`);
const columns = (cells) => cells.map((c, i) => (i < 2 ? `${c}`.padEnd([28, 10][i]) : `${c}`.padStart(11))).join('');
console.log(columns(['scenario', '', 'peer', 'printcraft', 'ratio', 'target', 'met']));
for (const r of table) {
  console.log(columns([r.title, r.unit, show(r.peer), show(r.own), show(r.ratio), r.target, r.met === undefined ? '' : r.met ? 'yes' : 'NO']));
}

console.log('\nCPU ms per operation, by process\n');
const parts = ['api', 'worker', 'pg', 'redis', 'rabbitmq', 'provider', 'driver'];
console.log(columns(['', '', ...parts]));
for (const scenario of ['create-stopped', 'drain', 'latency', 'read', 'list']) {
  for (const system of ['seed-node', 'printcraft']) {
    if (lines.some((l) => l.system === system && key(l) === scenario)) {
      console.log(columns([scenario, system, ...parts.map((p) => show(of(system, scenario, (l) => cpu(l, p)), 3))]));
    }
  }
}

const bad = lines.filter((l) => wrong(l) > 0);
for (const l of bad) console.log(`\nERRORS: ${JSON.stringify(l)}`);
if (o.json) {
  const machine = { cpu: cpus()[0].model, cores: cpus().length, memoryGB: Math.round(totalmem() / 2 ** 30), node: process.version };
  writeFileSync(o.json, JSON.stringify({ at: new Date().toISOString(), machine, rounds, table, lines }, null, 1) + '\n');
}
process.exit(o.check && (bad.length > 0 || table.some((r) => r.met === false)) ? 1 : 0);

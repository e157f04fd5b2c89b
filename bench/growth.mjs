// Reads the lines of the driver, writes CPU per operation with few and with many generations in the tables, and the difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: o } = parseArgs({ options: { small: { type: 'string' }, large: { type: 'string' }, json: { type: 'string' }, check: { type: 'boolean' } } });
const LIMIT = 15;
const OUTSIDE = ['driver', 'provider'];
const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l)).filter((l) => !l.summary);
const median = (a) => { const s = [...a].sort((x, y) => x - y); return (s[(s.length - 1) >> 1] + s[s.length >> 1]) / 2; };
const cpu = (l, part) => Object.entries(l.cpuSeconds)
  .filter(([name]) => (part ? name === part : !OUTSIDE.includes(name))).reduce((sum, [, s]) => sum + s, 0) * 1000 / l.n;
const of = (database, scenario, part) => median(lines.filter((l) => l.label.startsWith(`${database} `) && l.scenario === scenario).map((l) => cpu(l, part)));

console.log(`\nCPU ms per operation, medians of ${new Set(lines.map((l) => l.label)).size / 2} round(s)\n`);
const columns = (cells) => cells.map((c, i) => (i === 0 ? `${c}`.padEnd(26) : `${c}`.padStart(14))).join('');
console.log(columns(['', `${o.small} rows`, `${o.large} rows`, 'difference']));
const table = [];
for (const [scenario, title] of [['create', 'create (worker stopped)'], ['drain', 'drained job']]) {
  for (const part of [undefined, 'api', 'worker', 'pg', 'redis', 'rabbitmq']) {
    const [small, large] = [of('small', scenario, part), of('large', scenario, part)];
    const per = 100 * (large / small - 1);
    table.push({ scenario, part: part ?? 'all', small, large, per });
    console.log(columns([part ? `  ${part}` : title, small.toFixed(3), large.toFixed(3), Number.isFinite(per) ? `${per >= 0 ? '+' : ''}${per.toFixed(1)} %` : '-']));
  }
}
const wrong = lines.filter((l) => (l.errors ?? 0) + (l.failed ?? 0) + (l.createErrors ?? 0) + (l.sampledNotSucceeded ?? 0) > 0);
for (const l of wrong) console.log(`\nERRORS: ${JSON.stringify(l)}`);
const met = table.filter((r) => r.part === 'all').every((r) => Math.abs(r.per) <= LIMIT);
console.log(`\nAt most ${LIMIT} %: ${met ? 'yes' : 'NO'}`);
if (o.json) writeFileSync(o.json, JSON.stringify({ at: new Date().toISOString(), table, lines }, null, 1) + '\n');
process.exit(o.check && (!met || wrong.length > 0) ? 1 : 0);

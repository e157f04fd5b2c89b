// Whose the sampled stacks are. A sample belongs to the innermost middleware, or part of PrintCraft, that it was taken in: what a middleware calls is its own,
// but for the next middleware.
//   share.mjs LINES < output of "perf script -F ip,sym"      LINES: the driver's line of the same reads
import { readFileSync } from 'node:fs';

const OWNERS = [
  ['authentication', /Authentication(Middleware|Handler|Service)|PrintCraft\.Api\.Identity/],
  ['authorization', /Authorization(Middleware|Policy)|PolicyEvaluator|DefaultAuthorizationService/],
  ['limits', /PrintCraft\.Api\.RateLimits|StackExchange\.Redis/],
  ['the read', /EndpointMiddleware|RequestDelegateFactory|RequestDelegateGenerator|PrintCraft\.Api\.(Generations|Caching|Catalog|Images)|Npgsql/],
  ['other middleware', /Middleware|PrintCraft\.Api/],
];
const counts = new Map();
let samples = 0;
for (const stack of readFileSync(0, 'utf8').split(/\n\s*\n/)) {
  // Innermost first.
  const frames = stack.split('\n').map((line) => line.trim()).filter(Boolean);
  if (frames.length === 0) continue;
  samples++;
  let owner = 'server, sockets, runtime';
  for (const frame of frames) {
    const found = OWNERS.find(([, pattern]) => pattern.test(frame));
    if (found) { owner = found[0]; break; }
  }
  counts.set(owner, (counts.get(owner) ?? 0) + 1);
}

const line = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l)).find((l) => l.scenario === 'read');
const micro = (process_) => (line.cpuSeconds[process_] * 1e6) / line.requests;
const [api, redis, pg] = [micro('api'), micro('redis'), micro('pg')];
const all = api + redis + pg;
const show = (name, us) => console.log(`${name.padEnd(28)} ${us.toFixed(1).padStart(7)} us ${((us / all) * 100).toFixed(1).padStart(6)} %`);
console.log(`\n${line.requests} reads, ${line.rps} req/s, ${line.errors} errors; ${samples} samples of the api. CPU per read:\n`);
for (const [name] of [...OWNERS, ['server, sockets, runtime']]) show(`api: ${name}`, (api * (counts.get(name) ?? 0)) / samples);
show('Redis (counts as limits)', redis);
show('Postgres', pg);
show('all', all);
const guarded = ['authentication', 'authorization', 'limits'].reduce((sum, name) => sum + (api * (counts.get(name) ?? 0)) / samples, redis);
console.log(`\nauthentication, authorization and limits: ${((guarded / all) * 100).toFixed(1)} % of the read's CPU, target <= 35 %: ${guarded / all <= 0.35 ? 'met' : 'NOT MET'}`);

// The Firebase Auth emulator as one process: node firebase-emulator.mjs <folder for tools> <version of firebase-tools> <project>, PORT says where.
// firebase-tools is fetched with npm once for all checkouts of this account; its folder appears under its final name in one rename.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';

const [tools, version, project] = process.argv.slice(2);
const folder = path.join(tools, `npm-firebase-tools@${version}`);

function fetchTools() {
  const work = `${folder}.${process.pid}`;
  fs.mkdirSync(work, { recursive: true });
  console.log(`Fetching firebase-tools ${version} with npm, once (about 220 MB)…`);
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--omit=optional', '--loglevel=error'];
  const npm = spawnSync('npm', ['install', '--prefix', work, ...options, `firebase-tools@${version}`], { stdio: 'inherit', shell: process.platform === 'win32' });
  try {
    if (npm.status === 0) fs.renameSync(work, folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error; // else another run was faster
  }
  fs.rmSync(work, { recursive: true, force: true });
  return fs.existsSync(folder);
}

/** What runs left that were ended in the middle of a fetch. */
function removeLeftovers() {
  for (const name of fs.existsSync(tools) ? fs.readdirSync(tools) : []) {
    const [, pid] = name.match(/^npm-firebase-tools@.*\.(\d+)$/) ?? [];
    if (pid && !isRunning(Number(pid))) fs.rmSync(path.join(tools, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const freePort = () => new Promise(done => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

removeLeftovers();
if (!fs.existsSync(folder) && !fetchTools()) {
  console.error('The Firebase Auth emulator cannot run: npm could not fetch firebase-tools (see above). Everything else runs; start this resource again to retry.');
  process.exit(1);
}

// Its settings, logs and locks, apart from those of other runs; what it remembers, apart from what the account's own has.
const run = fs.mkdtempSync(path.join(os.tmpdir(), 'printcraft-firebase-'));
process.on('exit', () => fs.rmSync(run, { recursive: true, force: true }));
const listen = port => ({ host: '127.0.0.1', port });
fs.writeFileSync(path.join(run, 'firebase.json'), JSON.stringify({
  emulators: { auth: listen(Number(process.env.PORT)), hub: listen(await freePort()), logging: listen(await freePort()), ui: { enabled: false }, singleProjectMode: true },
}));
process.chdir(run);
Object.assign(process.env, { TMPDIR: run, XDG_CONFIG_HOME: folder, NO_UPDATE_NOTIFIER: '1' });
process.argv = [process.argv[0], 'firebase', 'emulators:start', '--only', 'auth', '--project', project];
createRequire(import.meta.url)(path.join(folder, 'node_modules', 'firebase-tools', 'lib', 'bin', 'firebase.js'));

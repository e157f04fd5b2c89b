// Adapter of the peer's load driver (bench.mjs) for PrintCraft. lib.sh copies it beside the peer's own, whose `pg` and `undici` it uses.
//   PRINTCRAFT_DATABASE, PG_HOST, PG_PORT, PG_USER   the database
//   PRINTCRAFT_KEY                                   the key of the development credentials
//   PRINTCRAFT_USERS                                 names start with this; without it each run makes new users
//   IMAGE_SIZE                                       pixels of either side
//   REALTIME=hub                                     completion comes over the SignalR hub instead of server-sent events
import { createHash, createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import pg from 'pg';
import { WebSocket } from 'undici';

const STYLES = ['minimalist', 'watercolor', 'photorealistic', 'cartoon'];
const size = Number(process.env.IMAGE_SIZE ?? 1024);

// PrintCraft.Core/Identity/DevelopmentCredential.cs
function credential(name) {
  return `pcdev_${name}.${createHmac('sha256', process.env.PRINTCRAFT_KEY).update(name).digest('hex')}`;
}
function userId(name) {
  const b = createHash('sha256').update(`printcraft development user ${name}`).digest().subarray(0, 16);
  b[6] = (b[6] & 0x0f) | 0x80;
  b[8] = (b[8] & 0x3f) | 0x80;
  return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

// A gift as Ledger.GrantAsync gives it: balance, grant, journal and both entries, in one statement.
const GRANT = `
  WITH account AS (UPDATE accounts SET available = available + $2 WHERE user_id = $1 RETURNING user_id),
  journal AS (
    INSERT INTO journals (id, kind, business_id, created_at) SELECT gen_random_uuid(), 'grant', 'bench:' || gen_random_uuid(), now() FROM account RETURNING id),
  entries AS (
    INSERT INTO journal_entries (journal_id, user_id, account, amount)
    SELECT id, '00000000-0000-0000-0000-000000000000'::uuid, 'promo', -$2 FROM journal UNION ALL SELECT id, $1, 'available', $2 FROM journal)
  INSERT INTO grants (id, user_id, kind, amount, expiries, created_at) SELECT id, $1, 'admin', $2, 0, now() FROM journal`;

// SignalR's JSON protocol by hand: what is measured is the server, not a client.
async function hub(baseUrl, u) {
  const END = '\u001e';
  const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/hubs/generations?access_token=${u.headers.authorization.slice('Bearer '.length)}`);
  let tell = () => {};
  await new Promise((ok, no) => {
    socket.onerror = () => no(new Error('the hub refused the connection'));
    socket.onopen = () => socket.send(`{"protocol":"json","version":1}${END}{"type":1,"invocationId":"1","target":"subscribe:user","arguments":[]}${END}`);
    socket.onmessage = ({ data }) => {
      for (const part of data.split(END).slice(0, -1)) {
        const message = JSON.parse(part);
        if (message.type === 1 && message.target === 'complete') tell(message.arguments[0].generationId);
        if (message.type === 3) { if (message.error) no(new Error(message.error)); else ok(); }
      }
    };
  });
  return { onDone: (cb) => { tell = cb; }, close: () => socket.close() };
}

export default async function adapter({ baseUrl, env }) {
  const db = new pg.Client({ host: env.PG_HOST, port: env.PG_PORT, user: env.PG_USER, database: env.PRINTCRAFT_DATABASE });
  await db.connect();

  return {
    name: 'printcraft',
    async users(n, credits) {
      const prefix = env.PRINTCRAFT_USERS ?? `bench-${randomBytes(6).toString('hex')}-`;
      const out = [];
      for (let i = 0; i < n; i++) {
        const name = `${prefix}${i}`;
        const headers = { authorization: `Bearer ${credential(name)}`, 'content-type': 'application/json' };
        // The first request makes the user known.
        const answer = await fetch(`${baseUrl}/api/v1/generations?limit=1`, { headers });
        if (answer.status !== 200) throw new Error(`the list answered ${answer.status}: ${await answer.text()}`);
        await answer.arrayBuffer();
        const id = userId(name);
        if ((await db.query(GRANT, [id, credits])).rowCount !== 1) throw new Error(`user ${name} (${id}) has no account`);
        out.push({ id, headers });
      }
      return out;
    },
    createRequest: (u, i) => ({
      method: 'POST',
      path: '/api/v1/generations',
      headers: u.headers,
      body: JSON.stringify({ prompt: `A beautiful sunset over the mountains, number ${i}`, style: STYLES[i % 4], options: { quality: 'standard', width: size, height: size } }),
    }),
    idOf: (body) => body.id,
    getRequest: (u, id) => ({ method: 'GET', path: `/api/v1/generations/${id}`, headers: u.headers }),
    listRequest: (u, limit) => ({ method: 'GET', path: `/api/v1/generations?limit=${limit}`, headers: u.headers }),
    stateOf: (body) => (['succeeded', 'failed'].includes(body.status) ? body.status : 'pending'),
    listCount: (body) => body.data.length,
    async countDone(users, sinceMs) {
      // Asked 40 times a second: while any job is open, which the index of the open ones tells, there is no need to count.
      if ((await db.query('SELECT 1 FROM generations WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1')).rowCount > 0) return 0;
      const r = await db.query(
        "SELECT count(*)::int AS n FROM generations WHERE status = 'succeeded' AND user_id = ANY($1) AND created_at >= $2",
        [users.map((u) => u.id), new Date(sinceMs)],
      );
      return r.rows[0].n;
    },
    // All of the user's jobs, from now on.
    async realtime(u) {
      if (env.REALTIME === 'hub') return hub(baseUrl, u);
      const request = http.get(`${baseUrl}/api/v1/generations/events`, { headers: { ...u.headers, accept: 'text/event-stream' } });
      const response = await new Promise((ok, no) => request.once('response', ok).once('error', no));
      if (response.statusCode !== 200) throw new Error(`the event stream answered ${response.statusCode}`);
      let rest = '';
      let tell = () => {};
      response.setEncoding('utf8').on('error', () => {}).on('data', (text) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop();
        for (const block of blocks) {
          if (/^event: job\.completed$/m.test(block)) tell(JSON.parse(/^data: (.*)$/m.exec(block)[1]).generationId);
        }
      });
      return { onDone: (cb) => { tell = cb; }, close: () => request.destroy() };
    },
    close: () => db.end(),
  };
}

// Follows all of your generations over SignalR and loses nothing when the connection breaks. Node 20; in a browser without the first and last part.
//   npm install @microsoft/signalr
//   PRINTCRAFT_CREDENTIAL=pcdev_dev.… node docs/samples/realtime.mjs "a fox in the snow"
import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const url = process.env.PRINTCRAFT_URL ?? 'http://localhost:5310';
const credential = () => process.env.PRINTCRAFT_CREDENTIAL; // asked for at each connection: give the newest one
const [prompt = 'a lighthouse above a stormy sea'] = process.argv.slice(2);

const connection = new HubConnectionBuilder()
  .withUrl(`${url}/hubs/generations`, { accessTokenFactory: credential })
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => (previousRetryCount === 0 ? 0 : 2000) })
  .configureLogging(LogLevel.Error)
  .build();

let last; // the id of the newest event that we have
const ended = new Promise((resolve) => {
  for (const name of ['progress', 'complete', 'failed', 'canceled']) {
    connection.on(name, (event) => {
      last = event.id;
      console.log(`${event.id} ${event.type} ${event.progress} %`);
      if (name !== 'progress') resolve(event);
    });
  }
});

// A call may be cut off too: then the next connection makes it.
async function follow() {
  try {
    const { after } = await (last === undefined ? connection.invoke('subscribe:user') : connection.invoke('resume:user', last));
    last ??= after;
  } catch (error) {
    const [, code] = /HubException: (\w+): /.exec(error.message) ?? [];
    if (code) throw error;
  }
}

connection.onreconnected(follow);
await connection.start();
await follow();

const answer = await fetch(`${url}/api/v1/generations`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${credential()}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ prompt, style: 'watercolor', options: { quality: 'draft' } }),
});
console.log(`ordered ${(await answer.json()).id}`);

const { status, imageUrl, error } = await ended;
console.log(imageUrl ?? `${status}: ${error?.message}`);
await connection.stop();

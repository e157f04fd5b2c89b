import { api } from './api.js';
import { OfflineError, SignedOutError } from './problems.js';

const SILENCE = 45_000;
const LONGEST = 15_000;

/**
 * One stream for the page: fetch instead of EventSource, because the credential goes in a header. Comes back by itself after the event that it had, and
 * waits longer each time, unless the browser says that it is online again.
 * @param told.event an event's data
 * @param told.open true when the stream stands; with `fresh` when events before it may have been missed
 * @param told.lost when it does not stand any more
 */
export async function follow(told, signal) {
  let last = null;
  for (let wait = 1000; !signal.aborted;) {
    // A browser that goes offline keeps a dead connection for minutes: this one is given up at once.
    const cut = new AbortController();
    const giveUp = () => cut.abort(new OfflineError('The browser is offline.'));
    addEventListener('offline', giveUp);
    const until = AbortSignal.any([signal, cut.signal]);
    try {
      const answer = await api.events(last, until);
      told.open(last === null);
      wait = 1000;
      for await (const { id, data } of messages(answer.body, until)) {
        if (id) last = id;
        if (data) told.event(JSON.parse(data));
      }
      // Ended in order: the process stops, or the token was replaced. Come back at once.
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof SignedOutError) throw error;
      told.lost(error);
      await pause(Math.max(wait, error.retryAt ? error.retryAt - Date.now() : 0), signal);
      wait = Math.min(wait * 2, LONGEST);
      continue;
    } finally {
      removeEventListener('offline', giveUp);
    }
    await pause(200, signal);
  }
}

/** What a text/event-stream says; a line that is not understood is none (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
async function* messages(body, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let [buffer, id, data] = ['', null, ''];
  try {
    for (;;) {
      const { value, done } = await inTime(reader.read(), signal);
      if (done) return;
      const lines = (buffer + value).split('\n');
      buffer = lines.pop();
      for (const line of lines.map(text => text.replace(/\r$/, ''))) {
        if (line === '') {
          if (id || data) yield { id, data };
          [id, data] = [null, ''];
        } else if (line.startsWith('id:')) id = line.slice(3).trim();
        else if (line.startsWith('data:')) data += line.slice(5).trim();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The server says something each 15 s; a connection that is silent for longer is dead, though nobody was told. */
function inTime(reading, signal) {
  let timer;
  const silence = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('The stream is silent.')), SILENCE); });
  const leaving = new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason), { once: true }));
  return Promise.race([reading, silence, leaving]).finally(() => clearTimeout(timer));
}

const pause = (time, signal) => new Promise(done => {
  const timer = setTimeout(end, time);
  function end() {
    clearTimeout(timer);
    removeEventListener('online', end);
    done();
  }
  addEventListener('online', end);
  signal.addEventListener('abort', end, { once: true });
});

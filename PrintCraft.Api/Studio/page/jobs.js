import { api } from './api.js';
import { isFinal } from './format.js';

const TOGETHER = 120;
const PAGE = 24;
const rank = { pending: 0, processing: 1, succeeded: 2, failed: 2, canceled: 2 };

/** What is known of the user's jobs, by id. Answers and events come in any order; a job never goes back. */
const known = new Map();
const watchers = new Set();
let stale = new Set();
let timer = 0;

export const onJob = watcher => watchers.add(watcher);
const tell = (job, before) => watchers.forEach(watcher => watcher(job, before));

export const job = id => known.get(id);

/** Newest first: the ids begin with the time. */
export const all = () => [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));

/** Takes what the API answered; returns what is known now. */
export function put(read) {
  const before = known.get(read.id);
  if (before && rank[before.status] > rank[read.status]) return before;
  const now = { ...read, progress: Math.max(read.progress, before?.status === read.status ? before.progress : 0) };
  known.set(now.id, now);
  if (JSON.stringify(now) !== JSON.stringify(before)) tell(now, before);
  return now;
}

export function forgetJob(id) {
  const before = known.get(id);
  known.delete(id);
  tell(null, before);
}

export function forgetAll() {
  known.clear();
  clearTimeout(timer);
  stale = new Set();
}

/** Takes an event of the stream. What it does not tell (pictures, credits, a job of another device) is read soon after, many with one request. */
export function happen(event) {
  const before = known.get(event.generationId);
  if (before && !isFinal(before.status) && rank[event.status] >= rank[before.status]) {
    const now = { ...before, status: isFinal(event.status) ? before.status : event.status, progress: Math.max(before.progress, event.progress), queuePosition: event.status === 'pending' ? before.queuePosition : null };
    known.set(now.id, now);
    tell(now, before);
  }
  if (!before || (isFinal(event.status) && !isFinal(before.status))) refresh(event.generationId);
}

/** Reads a job again soon. */
export function refresh(id) {
  stale.add(id);
  clearTimeout(timer);
  timer = setTimeout(readStale, TOGETHER);
}

async function readStale() {
  const ids = [...stale];
  stale = new Set();
  try {
    const read = ids.length <= 2 ? await Promise.all(ids.map(id => api.get(id))) : (await api.list({ limit: 100 })).data;
    read.forEach(put);
  } catch (error) {
    // Deleted meanwhile: nothing to show. Else the next event, or the next connection, brings it.
    if (error.code !== 'not_found') ids.forEach(id => setTimeout(() => refresh(id), error.retryAt ? error.retryAt - Date.now() : 3000));
  }
}

/** The first page of all, and whatever runs beyond it. */
export async function loadFirst(query) {
  const [page, open] = await Promise.all([api.list({ limit: PAGE, ...query }), api.list({ limit: 100, status: 'pending,processing' })]);
  open.data.forEach(put);
  return { ids: page.data.map(put).map(({ id }) => id), next: page.pagination.nextCursor, open: open.data.map(({ id }) => id) };
}

export async function loadMore(query, cursor) {
  const page = await api.list({ limit: PAGE, ...query, cursor });
  return { ids: page.data.map(put).map(({ id }) => id), next: page.pagination.nextCursor };
}

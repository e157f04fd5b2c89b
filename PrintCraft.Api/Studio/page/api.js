import { setClock } from './clock.js';
import { ApiError, OfflineError, SignedOutError } from './problems.js';
import { accessToken } from './session.js';

/** Sends a request; an answer that is no success is an ApiError, none at all an OfflineError. */
export async function send(path, { method = 'GET', body, headers = {}, signal } = {}) {
  const isFile = body instanceof Blob;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': isFile ? body.type : 'application/json' }), ...headers },
      body: body === undefined || isFile ? body : JSON.stringify(body),
      signal,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new OfflineError(error.message);
  }
  setClock(answer.headers.get('date'));
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  throw new ApiError(answer.status, problem, Number(answer.headers.get('retry-after')) || problem?.retryAfter);
}

/** The same as who is signed in. A 401 means that nothing was done, so it is sent once more with a new token. */
export async function call(path, options = {}) {
  const token = await accessToken();
  const withToken = used => ({ ...options, headers: { ...options.headers, authorization: `Bearer ${used}` } });
  try {
    return await send(path, withToken(token));
  } catch (error) {
    if (error.status !== 401) throw error;
    return await send(path, withToken(await accessToken(token))).catch(second => {
      if (second.status === 401) throw new SignedOutError('You were signed out. Sign in again.');
      throw second;
    });
  }
}

const read = async (path, options) => (await call(path, options)).json();

const key = text => ({ 'idempotency-key': `"${text}"` });

export const api = {
  me: () => read('/api/v1/users/me'),
  catalog: () => read('/api/v1/catalog'),
  credits: () => read('/api/v1/credits'),
  ledger: cursor => read(`/api/v1/credits/ledger?${new URLSearchParams({ limit: 30, ...(cursor && { cursor }) })}`),
  list: query => read(`/api/v1/generations?${new URLSearchParams(query)}`),
  get: id => read(`/api/v1/generations/${id}`),
  quote: (body, signal) => read('/api/v1/generations/quote', { method: 'POST', body, signal }),
  create: (body, intent) => read('/api/v1/generations', { method: 'POST', body, headers: key(intent) }),
  batch: (body, intent) => read('/api/v1/generations/batch', { method: 'POST', body, headers: key(intent) }),
  cancel: id => read(`/api/v1/generations/${id}/cancel`, { method: 'POST' }),
  retry: (id, intent) => read(`/api/v1/generations/${id}/retry`, { method: 'POST', headers: key(intent) }),
  remove: id => call(`/api/v1/generations/${id}`, { method: 'DELETE' }),
  events: (last, signal) => call('/api/v1/generations/events', { headers: last ? { 'last-event-id': last } : {}, signal }),
  upload: (file, signal) => read('/api/v1/uploads', { method: 'POST', body: file, signal }),
  getUpload: id => read(`/api/v1/uploads/${id}`),
  removeUpload: id => call(`/api/v1/uploads/${id}`, { method: 'DELETE' }),
  register: body => send('/api/v1/auth/register', { method: 'POST', body }),
  verify: body => send('/api/v1/auth/verify-email', { method: 'POST', body }),
  resend: body => send('/api/v1/auth/verify-email/resend', { method: 'POST', body }),
};

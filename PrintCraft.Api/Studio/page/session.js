import { send } from './api.js';
import { Firebase } from './firebase.js';
import { OfflineError, SignedOutError } from './problems.js';

// Access tokens live in memory only. What goes on after a reload is kept:
// - the refresh token of an account in localStorage, not sessionStorage: it is good once, and a duplicated tab would carry a copy of a
//   sessionStorage along, whose second use ends the session everywhere. In one place, and under a lock, all tabs have the newest one.
// - a credential that was pasted in development in sessionStorage: it ends with the tab.
const SESSION = 'printcraft.session';
const CREDENTIAL = 'printcraft.credential';
const EARLY = 60_000;
const LOST = 'You were signed out. Sign in again.';

export let config = {};
let firebase = null;
let kind = null;
let access = null;
let expires = Infinity;
let renewing = null;
let timer = 0;
const watchers = new Set();

/** Told with true when somebody is signed in, with false when nobody is any more. */
export const onSession = watcher => watchers.add(watcher);
const tell = (isIn, why) => watchers.forEach(watcher => watcher(isIn, why));

const stored = () => JSON.parse(localStorage.getItem(SESSION) ?? 'null');
const store = session => localStorage.setItem(SESSION, JSON.stringify(session));

/** Without the lock (plain http, not localhost) tabs take their chance; each renews under its own promise all the same. */
const locked = work => (navigator.locks ? navigator.locks.request(SESSION, work) : work());

export const hasFirebase = () => firebase !== null;
export const signedInBy = () => kind;

/** Reads how one may sign in here, and goes on with what was kept. True when somebody is signed in. */
export async function startSession() {
  config = await (await send('/studio/config.json')).json();
  firebase = config.firebase && new Firebase(config.firebase);
  addEventListener('storage', event => event.key === SESSION && !event.newValue && kind && kind !== 'credential' && forget());
  const credential = sessionStorage.getItem(CREDENTIAL);
  if (credential) [kind, access] = ['credential', credential];
  else if (stored()) {
    ({ kind } = stored());
    await renew();
  }
  return access !== null;
}

/** The token to call with, renewed before its end; with the one that was refused, another one. */
export async function accessToken(refused) {
  if (!kind) throw new SignedOutError(LOST);
  if (refused ? access === refused : Date.now() > expires - EARLY) await renew();
  return access;
}

export async function signInLocally(email, password) {
  const tokens = await (await send('/api/v1/auth/login', { method: 'POST', body: { email, password, device: 'PrintCraft Studio' } })).json();
  begin('local', { access: tokens.accessToken, refresh: tokens.refreshToken, expiresIn: tokens.expiresIn });
}

export const signInToFirebase = async (email, password) => begin('firebase', await firebase.signIn(email, password));

export async function signUpToFirebase(email, password) {
  const tokens = await firebase.signUp(email, password);
  await firebase.sendLetter(tokens.access).catch(() => {});
  begin('firebase', tokens);
}

/** A credential as it is: the development credential, or an API key. */
export function signInWith(credential) {
  sessionStorage.setItem(CREDENTIAL, credential);
  [kind, access, expires] = ['credential', credential, Infinity];
  tell(true);
}

export const sendFirebaseLetter = async () => firebase.sendLetter(await accessToken());

/** A token that says what Firebase knows now, of a verified address for example. */
export const renewNow = () => renew();

export async function signOut() {
  if (kind === 'local') {
    // Whether or not the server hears it, this browser forgets.
    await send('/api/v1/auth/logout', { method: 'DELETE', headers: { authorization: `Bearer ${access}` } }).catch(() => {});
  }
  forget();
}

/** Nobody is signed in here any more, and why. */
export function forget(why) {
  if (kind !== 'credential') localStorage.removeItem(SESSION);
  sessionStorage.removeItem(CREDENTIAL);
  [kind, access, expires] = [null, null, Infinity];
  clearTimeout(timer);
  tell(false, why);
}

function begin(by, tokens) {
  kind = by;
  keep(tokens);
  tell(true);
}

function keep(tokens) {
  store({ kind, refreshToken: tokens.refresh });
  [access, expires] = [tokens.access, Date.now() + tokens.expiresIn * 1000];
  clearTimeout(timer);
  timer = setTimeout(() => renew().catch(() => {}), Math.max(EARLY, tokens.expiresIn * 1000 - EARLY));
}

function renew() {
  if (kind === 'credential') {
    forget('This credential is not good any more. Sign in again.');
    return Promise.reject(new SignedOutError(LOST));
  }
  renewing ??= locked(() => (kind === 'firebase' ? renewFirebase() : renewLocal())).finally(() => { renewing = null; });
  return renewing;
}

async function renewFirebase() {
  try {
    keep(await firebase.refresh(stored().refreshToken));
  } catch (error) {
    if (!error.status || error.status >= 500 || error.status === 429) throw error;
    lose();
  }
}

/**
 * A refresh token is good once, and one that comes twice ends the session. So who waits for the answer marks it; a mark that is found by the next one means
 * that the answer was lost (the page was closed in that moment), and asking again would do harm: sign in again.
 */
async function renewLocal() {
  const session = stored();
  if (!session || session.asked) return lose();
  // A server that is away costs no session: nothing is marked, and it is asked again later.
  await send('/alive');
  store({ ...session, asked: true });
  try {
    const tokens = await (await send('/api/v1/auth/refresh', { method: 'POST', body: { refreshToken: session.refreshToken } })).json();
    keep({ access: tokens.accessToken, refresh: tokens.refreshToken, expiresIn: tokens.expiresIn });
  } catch (error) {
    if (error instanceof OfflineError || error.status === 401) return lose();
    store(session);
    throw error;
  }
}

function lose() {
  forget(LOST);
  throw new SignedOutError(LOST);
}

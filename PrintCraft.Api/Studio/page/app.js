import { complain, say } from './announce.js';
import { api } from './api.js';
import { clearCreate, showBalance, startCreate } from './create.js';
import { $ } from './dom.js';
import { hideDoor, showDoor } from './door.js';
import { follow } from './events.js';
import { credits } from './format.js';
import { clearGallery, mark, search, startGallery, updateTile } from './gallery.js';
import { forgetAll, happen, job, onJob, put } from './jobs.js';
import { openLedger } from './ledger.js';
import { SignedOutError } from './problems.js';
import { config, forget, onSession, signOut, startSession } from './session.js';
import { show, shownId, startStage, update } from './stage.js';
import { startTheme } from './theme-toggle.js';
import { showVerify } from './verify.js';

const RETRY = 3000;
let leaving = new AbortController();
let isReady = false;
let balance = { available: 0, held: 0, expiring: [] };
let balanceTimer = 0;

startTheme();
startStage({ ordered, removed: () => choose(null) });
startGallery({ chosen: id => choose(id, true), current: shownId });
onSession((isIn, why) => (isIn ? enter() : leave(why)));
onJob((now, before) => {
  update(now, before);
  updateTile(now, before);
  if (!before || now?.status !== before.status) readBalanceSoon();
});
$('sign-out').addEventListener('click', () => { $('menu').hidePopover(); signOut(); });
$('credits').addEventListener('click', () => openLedger(balance, id => choose(id, true)));
addEventListener('hashchange', () => showHash());
begin();

async function begin() {
  try {
    if (!await startSession()) showDoor();
    else await enter();
  } catch (error) {
    if (error instanceof SignedOutError) return;
    complain(error);
    setTimeout(begin, RETRY);
  }
}

/** Somebody is in: read who, what there is, and follow what happens. */
async function enter() {
  leaving.abort();
  leaving = new AbortController();
  hideDoor();
  ['studio', 'credits', 'account', 'live'].forEach(id => { $(id).hidden = false; });
  $('menu-dashboard').hidden = !config.dashboardUrl;
  $('menu-dashboard').href = config.dashboardUrl ?? '';
  stream(leaving.signal);
  try {
    const [me, catalog] = await Promise.all([api.me(), isReady ? null : api.catalog(), readBalance()]);
    who(me);
    if (!isReady) startCreate(catalog, ordered);
    isReady = true;
    showBalance(balance.available);
    // Where there is no keyboard, one would cover half of the page.
    if (matchMedia('(hover: hover)').matches) $('prompt').focus({ preventScroll: true });
  } catch (error) {
    if (error instanceof SignedOutError) return;
    complain(error);
    setTimeout(() => $('studio').hidden || enter(), RETRY);
  }
}

function leave(why) {
  leaving.abort();
  ['studio', 'credits', 'account', 'live'].forEach(id => { $(id).hidden = true; });
  document.querySelectorAll('dialog[open]').forEach(dialog => dialog.close());
  clearCreate();
  forgetAll();
  clearGallery();
  history.replaceState(null, '', '/');
  show(null);
  showDoor(why);
}

function who(me) {
  $('menu-name').textContent = me.name;
  $('menu-mail').textContent = me.email ?? '';
  $('account-letter').textContent = (me.firstName ?? me.name ?? me.email ?? '?')[0].toUpperCase();
  showVerify(me, async () => who((await Promise.all([api.me(), readBalance()]))[0]));
}

async function stream(signal) {
  try {
    await follow({ open: connected, event: happen, lost: () => live('lost') }, signal);
  } catch (error) {
    if (error instanceof SignedOutError && !signal.aborted) forget(error.message);
    else complain(error);
  }
}

/** The stream stands first, then the lists are read: what happens in between comes by both ways, and nothing is missed. */
async function connected(isFresh) {
  live('live');
  if (!isFresh) return;
  const running = await search();
  await showHash();
  if (!shownId() && running.length > 0) choose(running[0]);
}

function live(state) {
  const before = $('live').dataset.state;
  $('live').dataset.state = state;
  $('live-text').textContent = state === 'live' ? 'Live' : 'Reconnecting…';
  if (state === 'lost' && before === 'live') say('The connection is lost. Trying again.');
  if (state === 'live' && before === 'lost') say('The connection is back.');
}

async function readBalance() {
  balance = await api.credits();
  $('credits-text').textContent = credits(balance.available);
  showBalance(balance.available);
}

function readBalanceSoon() {
  clearTimeout(balanceTimer);
  balanceTimer = setTimeout(() => $('studio').hidden || readBalance().catch(() => {}), 250);
}

function ordered(made) {
  readBalanceSoon();
  choose(made.id, matchMedia('(max-width: 60rem)').matches);
}

/** What is shown is in the address, so that a reload, or the way back, shows it again. */
function choose(id, focus = false) {
  history[shownId() ? 'pushState' : 'replaceState'](null, '', id ? `#${id}` : '/');
  return showHash(focus);
}

async function showHash(focus = false) {
  const id = location.hash.slice(1) || null;
  // The skip link's anchor is no picture.
  if (id && !/^[0-9a-f-]{36}$/.test(id)) return;
  if (id && !job(id)) await api.get(id).then(put).catch(complain);
  show(id && job(id) ? id : null, focus);
  mark(shownId());
}

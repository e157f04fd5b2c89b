import { busy, complain } from './announce.js';
import { api } from './api.js';
import { $, el } from './dom.js';
import { credits, moment, signed } from './format.js';

const words = { grant: 'Received', expire: 'Expired', hold: 'Set aside for a picture', capture: 'Paid for a picture', release: 'Given back' };

/** Where the credits went: every movement, newest first. `chosen` shows the job of one. */
export async function openLedger(balance, chosen) {
  const dialog = $('ledger');
  const body = el('tbody');
  const more = el('button', { type: 'button', className: 'quiet', hidden: true, onclick: () => busy(more, () => load()) }, 'Show more');
  let next = null;
  const rows = entries => entries.map(entry => el('tr', {},
    el('td', {}, entry.reason ?? words[entry.kind] ?? entry.kind, el('small', {}, moment(entry.createdAt))),
    el('td', { className: entry.amount > 0 ? 'plus' : '' }, signed(entry.amount)),
    el('td', {}, signed(entry.held)),
    el('td', {}, entry.generationId && el('button', {
      type: 'button', className: 'link', 'aria-label': `Show the picture of ${words[entry.kind].toLowerCase()}, ${moment(entry.createdAt)}`, onclick: () => { dialog.close(); chosen(entry.generationId); },
    }, 'Show'))));
  const load = async () => {
    const page = await api.ledger(next);
    body.append(...rows(page.data));
    next = page.pagination.nextCursor;
    more.hidden = !next;
  };
  dialog.replaceChildren(
    el('div', { className: 'sheet-head' }, el('h2', { id: 'ledger-title' }, 'Credits'), el('button', { type: 'button', className: 'round', 'aria-label': 'Close', autofocus: true, onclick: () => dialog.close() }, '×')),
    el('dl', { className: 'balance' }, pair('To spend', balance.available), pair('Set aside', balance.held), ...balance.expiring.map(part => pair(`Expires ${moment(part.expiresAt)}`, part.amount))),
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Movements' },
      el('table', {}, el('caption', { className: 'hidden' }, 'Every movement of your credits'),
        el('thead', {}, el('tr', {}, ...['What', 'Credits', 'Set aside'].map(text => el('th', { scope: 'col' }, text)), el('td'))), body), more));
  dialog.onclick = event => { if (event.target === dialog) dialog.close(); };
  dialog.showModal();
  await load().catch(complain);
}

const pair = (name, count) => el('div', {}, el('dt', {}, name), el('dd', {}, credits(count)));

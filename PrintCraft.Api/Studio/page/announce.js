import { $, el } from './dom.js';
import { explain } from './problems.js';

const LIFE = 12_000;

/** Tells a screen reader, once and when it has time. */
export function say(text) {
  if ($('said').textContent !== text) $('said').textContent = text;
}

/** Shows what went wrong and what to do about it; a message of the same kind takes the place of the last one. */
export function complain(error) {
  if (error?.name === 'AbortError') return;
  const { text, code } = explain(error);
  const notice = el('div', { className: 'notice', data: { code } },
    el('p', {}, text, code && el('code', {}, code)),
    el('button', { type: 'button', className: 'round', 'aria-label': 'Close this message', onclick: () => notice.remove() }, '×'));
  [...$('notices').children].filter(other => other.dataset.code === code).forEach(other => other.remove());
  $('notices').append(notice);
  // Long enough to be read; one that somebody has the focus in stays.
  setTimeout(() => notice.matches(':focus-within, :hover') || notice.remove(), LIFE);
}

/** Runs what a control starts: the control is busy meanwhile, and a failure is told. */
export async function busy(control, work) {
  if (control.getAttribute('aria-disabled') === 'true') return;
  control.setAttribute('aria-disabled', 'true');
  try {
    return await work();
  } catch (error) {
    complain(error);
  } finally {
    control.removeAttribute('aria-disabled');
  }
}

/** Asks before what cannot be taken back; Esc is no. */
export function ask(title, text, yes) {
  const dialog = $('confirm');
  dialog.returnValue = '';
  dialog.replaceChildren(
    el('h2', { id: 'confirm-title' }, title),
    el('p', {}, text),
    el('div', { className: 'actions' },
      el('button', { type: 'button', className: 'quiet', autofocus: true, onclick: () => dialog.close() }, 'Keep it'),
      el('button', { type: 'button', className: 'danger', onclick: () => dialog.close('yes') }, yes)));
  dialog.showModal();
  return new Promise(done => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
}

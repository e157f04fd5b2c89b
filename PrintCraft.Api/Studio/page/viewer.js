import { $, el } from './dom.js';

/** The whole picture, as large as the window; Esc or a click closes it, arrows go through an order of several. */
export function view(now, start) {
  const dialog = $('viewer');
  let at = start;
  const seen = el('img', { alt: now.prompt });
  const draw = () => {
    seen.src = now.images[at].url;
    count.textContent = now.images.length > 1 ? `${at + 1} of ${now.images.length}` : '';
  };
  const count = el('p', { role: 'status' });
  const step = by => {
    at = (at + by + now.images.length) % now.images.length;
    draw();
  };
  const several = now.images.length > 1;
  dialog.replaceChildren(...[
    el('button', { type: 'button', className: 'round close', 'aria-label': 'Close', autofocus: true, onclick: () => dialog.close() }, '×'),
    several && el('button', { type: 'button', className: 'round back', 'aria-label': 'The one before', onclick: () => step(-1) }, '‹'),
    seen,
    several && el('button', { type: 'button', className: 'round on', 'aria-label': 'The next one', onclick: () => step(1) }, '›'),
    count].filter(Boolean));
  // In braces: a handler that returns false forbids what the browser would do, and that is what Esc is for.
  dialog.onkeydown = event => { if (several) ({ ArrowLeft: () => step(-1), ArrowRight: () => step(1) })[event.key]?.(); };
  dialog.onclick = event => { if (event.target === dialog) dialog.close(); };
  draw();
  dialog.showModal();
}

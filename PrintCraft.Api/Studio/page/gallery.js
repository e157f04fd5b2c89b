import { busy, complain } from './announce.js';
import { api } from './api.js';
import { $, el, radios } from './dom.js';
import { isFinal, states } from './format.js';
import { job, loadFirst, loadMore, put } from './jobs.js';

const REST = 300;
const filters = [['', 'All'], ['succeeded', 'Done'], ['pending,processing', 'Running'], ['failed,canceled', 'Failed']];
const tiles = new Map();
let [ids, next, filter, timer, round] = [[], null, null, 0, 0];
let told = {};

/** The user's jobs, newest first. `chosen` is called with the id of the one that was picked. */
export function startGallery(handlers) {
  told = handlers;
  filter = radios($('filters'), 'filter', filters.map(([value, content]) => ({ value, content })), () => search());
  filter.value = '';
  $('q').addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, REST);
  });
  $('search').addEventListener('submit', event => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  $('more').addEventListener('click', () => busy($('more'), more));
}

export function clearGallery() {
  [ids, next] = [[], null];
  tiles.clear();
  $('tiles').replaceChildren();
  $('q').value = '';
  if (filter) filter.value = '';
}

const query = () => ({ ...($('q').value.trim() && { q: $('q').value.trim() }), ...(filter.value && { status: filter.value }) });
const isFiltered = () => Object.keys(query()).length > 0;

/** Reads the first page; returns what runs. A search that was overtaken by the next one shows nothing. */
export async function search() {
  const mine = ++round;
  if (ids.length === 0) $('tiles').replaceChildren(...Array.from({ length: 6 }, () => el('li', { className: 'tile ghost', 'aria-hidden': 'true' })));
  try {
    const found = await loadFirst(query());
    if (mine !== round) return [];
    [ids, next] = [found.ids, found.next];
    draw();
    return found.open;
  } catch (error) {
    if (ids.length === 0) $('tiles').replaceChildren();
    complain(error);
    return [];
  }
}

async function more() {
  const found = await loadMore(query(), next);
  const first = found.ids[0];
  [ids, next] = [[...ids, ...found.ids.filter(id => !ids.includes(id))], found.next];
  draw();
  tiles.get(first)?.querySelector('button').focus();
}

/** A job that is new takes its place by age, unless somebody is looking for others; one that is older than what is shown comes with its page. */
export function updateTile(now, before) {
  if (!now) {
    ids = ids.filter(id => id !== before?.id);
    draw();
  } else if (tiles.has(now.id) && ids.includes(now.id)) fill(tiles.get(now.id), now);
  else if (!isFiltered() && !ids.includes(now.id) && (!next || now.id > ids.at(-1))) {
    ids = [now.id, ...ids].sort().reverse();
    draw();
  }
}

export function mark(id) {
  tiles.forEach((tile, of) => (of === id ? tile.firstElementChild.setAttribute('aria-current', 'true') : tile.firstElementChild.removeAttribute('aria-current')));
}

function draw() {
  const wanted = ids.map(id => tiles.get(id) ?? tile(job(id)));
  [...tiles.keys()].filter(id => !ids.includes(id)).forEach(id => tiles.delete(id));
  // Tiles that stay are not moved: what has the focus keeps it.
  wanted.forEach((one, at) => $('tiles').children[at] !== one && $('tiles').insertBefore(one, $('tiles').children[at] ?? null));
  while ($('tiles').children.length > wanted.length) $('tiles').lastElementChild.remove();
  $('more').hidden = !next;
  $('no-tiles').hidden = ids.length > 0;
  $('no-tiles').textContent = isFiltered() ? 'Nothing like that. Search looks for words of your prompts.' : 'Your pictures will be here.';
  mark(told.current());
}

function tile(now) {
  const one = el('li', { className: 'tile' }, el('button', { type: 'button', onclick: () => told.chosen(now.id) }, el('span', { className: 'thumb' }), el('span', { className: 'words' })));
  tiles.set(now.id, one);
  fill(one, now);
  return one;
}

function fill(one, now) {
  const [button] = one.children;
  const [thumb, words] = button.children;
  one.dataset.state = now.status;
  words.textContent = now.prompt;
  const image = now.images[0];
  if (image) paint(thumb, now, image);
  else if (isFinal(now.status)) thumb.replaceChildren(el('span', { className: 'badge' }, states[now.status]));
  else thumb.replaceChildren(el('span', { className: 'badge' }, states[now.status]), bar(now));
}

function bar(now) {
  const filled = el('span', { className: 'tile-bar' });
  filled.style.setProperty('--part', `${Math.max(4, now.progress)}%`);
  return filled;
}

/** Addresses are signed anew with each answer: the same file is not fetched again for that. */
function paint(thumb, now, image) {
  const address = image.thumbnailUrl ?? image.url;
  const [key] = address.split('?');
  if (thumb.firstElementChild?.dataset.key === key) return;
  const seen = el('img', { src: address, alt: '', loading: 'lazy', decoding: 'async', width: image.width, height: image.height, data: { key } });
  seen.addEventListener('error', async () => {
    // Its time was over before it came into view.
    const read = await api.get(now.id).then(put).catch(() => null);
    const again = read?.images.find(({ index }) => index === image.index);
    if (again) seen.src = again.thumbnailUrl ?? again.url;
  }, { once: true });
  thumb.replaceChildren(seen, ...(now.images.length > 1 ? [el('span', { className: 'badge' }, `${now.images.length}`, el('span', { className: 'hidden' }, ' pictures'))] : []));
}

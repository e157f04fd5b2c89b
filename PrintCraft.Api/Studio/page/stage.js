import { ask, busy, say } from './announce.js';
import { api, send } from './api.js';
import { reuse, startFrom, suggest } from './create.js';
import { $, el, icon } from './dom.js';
import { credits, duration, isFinal, moment, states } from './format.js';
import { once } from './intents.js';
import { forgetJob, job, put } from './jobs.js';
import { clockOffset } from './clock.js';
import { config } from './session.js';
import { view } from './viewer.js';

const paths = {
  download: 'M10 3v9m0 0 4-4m-4 4-4-4M4 15.5h12', again: 'M15.5 6.5A6.5 6.5 0 1 0 16.5 11M16 3v4h-4', stop: 'M6 6h8v8H6z',
  start: 'M3.5 4.5h13v11h-13zM3.5 13l4-4 3.5 3.5 2-2 3.5 3.5',
  more: 'M3.5 3.5h5.5v5.5H3.5zM11 3.5h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 11h5.5v5.5H11z', reuse: 'M12.5 4.5l3 3L7 16H4v-3z',
  remove: 'M4.5 6h11M8 6V4h4v2M6 6l.7 10h6.6L14 6', trace: 'M3 5h8M6 10h8M9 15h8',
};
const ideas = [
  ['A lighthouse above a stormy sea at sunset', 'watercolor'], ['Mountains under the moon', 'minimalist'], ['A fox in an autumn forest', 'cartoon'], ['A mountain lake in the morning', 'photorealistic'],
];

let shown = null;
let index = 0;
let pulse = 0;
let told = {};

/** Where the picture is: the one that is being made, or the one that was chosen. */
export function startStage(handlers) {
  told = handlers;
  show(null);
}

export const shownId = () => shown;

/** @param focus whether the person asked for it, and so wants to be there. */
export function show(id, focus = false) {
  [shown, index] = [id, 0];
  draw();
  if (focus) {
    $('stage').scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    $('stage-title')?.focus({ preventScroll: true });
  }
}

/** Draws the new state of the job that is shown; only the bar moves while nothing else has changed. */
export function update(now, before) {
  if ((now ?? before)?.id !== shown) return;
  if (!now) {
    show(null);
    return;
  }
  if (before && now.status === before.status && now.queuePosition === before.queuePosition && !isFinal(now.status)) beat();
  else {
    draw();
    if (before && isFinal(now.status) && !isFinal(before.status)) say(now.status === 'succeeded' ? 'Your picture is ready.' : now.error?.message ?? `${states[now.status]}.`);
  }
}

function draw() {
  clearInterval(pulse);
  const now = shown && job(shown);
  const hadFocus = $('stage').contains(document.activeElement) && document.activeElement.dataset.action;
  $('stage').dataset.state = now?.status ?? 'empty';
  $('stage').replaceChildren(...(!now ? welcome() : now.status === 'succeeded' ? picture(now) : isFinal(now.status) ? failure(now) : progress(now)));
  // What had the focus may be gone with the old state: the title stands for it.
  if (hadFocus) ($('stage').querySelector(`[data-action="${hadFocus}"]`) ?? $('stage-title')).focus({ preventScroll: true });
  if (now && !isFinal(now.status)) {
    beat();
    pulse = setInterval(beat, 500);
  }
}

const title = (text, className = '') => el('h2', { id: 'stage-title', className, tabIndex: -1 }, text);

function welcome() {
  return [el('div', { className: 'welcome' },
    el('div', { className: 'inks', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
    title('Make something worth printing'),
    el('p', {}, 'Say what you want to see, choose a style, and watch it come to life. Or begin with one of these:'),
    el('ul', { className: 'ideas' }, ideas.map(([text, style]) => el('li', {}, el('button', { type: 'button', className: 'idea', onclick: () => suggest(text, style) }, text, el('small', {}, style))))))];
}

function frame(now, ...children) {
  const { width, height } = now.options;
  const box = el('div', { className: 'frame' }, ...children);
  box.style.setProperty('--ratio', width / height);
  return box;
}

function progress(now) {
  return [
    el('div', { className: 'mat' }, frame(now, el('div', { className: 'developing', 'aria-hidden': 'true' }))),
    el('div', { className: 'caption' },
      title(now.prompt),
      el('div', { className: 'running' },
        el('p', { id: 'running-text' }, runningText(now)),
        el('progress', { id: 'running-bar', max: 100, value: now.progress, 'aria-labelledby': 'running-text' }),
        el('span', { id: 'running-percent', 'aria-hidden': 'true' })),
      el('div', { className: 'actions' }, action('cancel', 'Cancel', paths.stop, () => cancel(now)))),
  ];
}

const runningText = now => (now.status === 'processing' ? 'Drawing your picture' : now.queuePosition > 1 ? `Waiting, number ${now.queuePosition} in the queue` : 'Waiting for a free hand');

/** Between the server's numbers the bar goes on by the estimate, slower and slower: a bar that stands looks broken. */
function beat() {
  const now = shown && job(shown);
  const bar = $('running-bar');
  if (!now || !bar) return;
  const gone = (Date.now() + clockOffset() - new Date(now.createdAt)) / 1000;
  const guess = 90 * (1 - Math.exp(-1.6 * Math.max(0, gone) / Math.max(1, now.estimatedTime)));
  bar.value = Math.max(bar.value, now.progress, guess);
  $('running-percent').textContent = `${Math.round(bar.value)} %`;
}

function picture(now) {
  const image = now.images[Math.min(index, now.images.length - 1)];
  const seen = el('img', { src: image.previewUrl ?? image.url, alt: now.prompt, width: image.width, height: image.height, decoding: 'async', data: { key: image.url.split('?')[0] } });
  seen.addEventListener('error', () => mend(now), { once: true });
  seen.addEventListener('load', () => seen.parentElement.classList.add('is-here'), { once: true });
  const open = el('button', { type: 'button', className: 'open', data: { action: 'open' }, 'aria-label': `See the whole picture: ${now.prompt}`, onclick: () => view(now, index) }, seen);
  return [
    el('div', { className: 'mat' }, frame(now, el('div', { className: 'developing', 'aria-hidden': 'true' }), open), now.images.length > 1 && strip(now)),
    el('div', { className: 'caption' },
      title(now.prompt),
      facts(now, image),
      el('div', { className: 'actions' },
        el('a', { className: 'button primary', href: image.url, data: { action: 'download' }, onclick: event => download(event, now) }, icon(paths.download), 'Download'),
        action('variations', 'Variations', paths.more, () => vary(now), el('small', {}, credits(4 * now.metadata.cost))),
        action('reuse', 'Change', paths.reuse, () => reuse(now)),
        action('start', 'Start from this picture', paths.start, async () => startFrom(await file(now), now.prompt)),
        traceLink(now),
        action('delete', 'Delete', paths.remove, () => remove(now)))),
  ];
}

function strip(now) {
  return el('div', { className: 'strip', role: 'group', 'aria-label': 'Pictures of this order' }, now.images.map((image, at) => el('button', {
    type: 'button', data: { action: `image-${at}` }, 'aria-pressed': String(at === index), 'aria-label': `Picture ${at + 1} of ${now.images.length}`, onclick: () => { index = at; draw(); },
  }, el('img', { src: image.thumbnailUrl ?? image.url, alt: '', width: image.width, height: image.height }))));
}

function failure(now) {
  return [
    el('div', { className: 'mat' }, frame(now, el('div', { className: 'failed', 'aria-hidden': 'true' }))),
    el('div', { className: 'caption' },
      title(now.prompt),
      el('p', { className: 'why' }, now.error ? now.error.message : 'You cancelled this one. What was not made was not charged.', now.error && el('code', {}, now.error.code)),
      el('div', { className: 'actions' },
        action('retry', 'Try again', paths.again, () => retry(now)),
        action('reuse', 'Change', paths.reuse, () => reuse(now)),
        traceLink(now),
        action('delete', 'Delete', paths.remove, () => remove(now)))),
  ];
}

function facts(now, image) {
  const rows = [
    ['Style', now.style === 'none' ? 'none' : now.style], ['Quality', now.options.quality], ['Size', `${image.width} × ${image.height}`], ['Seed', image.seed],
    ...(now.options.referenceImage ? [['From a picture', now.options.strength === null ? 'yes' : `${Math.round(now.options.strength * 100)} % may change`]] : []),
    ['Took', now.metadata.processingTime === null ? '–' : duration(now.metadata.processingTime)], ['Paid', credits(now.credits.charged)], ['Made', moment(now.createdAt)],
  ];
  return el('dl', { className: 'facts' }, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, String(value)))));
}

const action = (name, text, path, run, ...more) => {
  const button = el('button', { type: 'button', className: 'button', data: { action: name }, onclick: () => busy(button, run) }, icon(path), text, ...more);
  return button;
};

const traceLink = now => config.dashboardUrl && now.traceId && el('a', { className: 'button', target: '_blank', rel: 'noopener', data: { action: 'trace' }, href: `${config.dashboardUrl}/traces/detail/${now.traceId}` }, icon(paths.trace), 'Trace');

const fileName = (now, image) => `${now.prompt.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 48) || 'picture'}-${image.seed}.png`;

async function cancel(now) {
  put(await api.cancel(now.id));
  say('Cancelling.');
}

async function retry(now) {
  told.ordered(put(await once({ retry: now.id }, intent => api.retry(now.id, intent))));
}

/** The next four seeds, with everything else as it was. */
async function vary(now) {
  const { seed, count, quality, width, height, referenceImage, strength } = now.options;
  const first = (seed + count) % 2_000_000_000;
  const order = {
    prompt: now.prompt,
    negativePrompt: now.negativePrompt,
    style: now.style,
    options: {
      quality, width, height, count: 1, seeds: [0, 1, 2, 3].map(step => first + step), ...(referenceImage && { referenceImage }), ...(referenceImage && strength !== null && { strength }),
    },
  };
  const made = (await once(order, intent => api.batch(order, intent))).data.filter(entry => entry.generation).map(entry => put(entry.generation));
  say(`${made.length} variations are on their way.`);
  told.ordered(made[0]);
}

async function remove(now) {
  if (!await ask('Delete this picture?', 'It is gone for good. What was paid stays in your ledger.', 'Delete')) return;
  await api.remove(now.id);
  forgetJob(now.id);
  say('Deleted.');
  told.removed();
}

/** An address works for a quarter of an hour. */
const isOver = now => new Date(now.expiresAt) - Date.now() - clockOffset() < 10_000;

/** The picture that is shown, as a file. */
async function file(now) {
  const read = isOver(now) ? put(await api.get(now.id)) : now;
  const image = read.images[Math.min(index, read.images.length - 1)];
  const blob = await (await send(image.url)).blob();
  return new File([blob], fileName(read, image), { type: blob.type });
}

/** Through a blob: the server names a file by its place in the store, a person by what it shows. */
async function download(event, now) {
  event.preventDefault();
  const link = event.currentTarget;
  await busy(link, async () => {
    const saved = await file(now);
    const url = URL.createObjectURL(saved);
    el('a', { href: url, download: saved.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  });
}

async function mend(now) {
  if (isOver(now)) put(await api.get(now.id));
}

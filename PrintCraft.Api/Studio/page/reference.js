import { say } from './announce.js';
import { api } from './api.js';
import { $ } from './dom.js';
import { ApiError, explain } from './problems.js';

const types = ['image/png', 'image/jpeg', 'image/webp'];
const MEBI = 1024 * 1024;
/** Up to so many percent. */
const amounts = [[30, 'nearly the same'], [55, 'the same shapes'], [80, 'the idea stays'], [95, 'a hint of it stays'], [100, 'nothing of it stays']];

let [model, limit, starters, label, changed] = [null, 0, [], null, null];
/** The picture that is there: its `id` once it was sent, and `sending` until then. */
let chosen = null;
let isOwnDrag = false;

/** The picture that an order may start from: chosen, dropped or pasted, and sent at once, so that the order only has to name it. */
export function startReference(catalog, labelOf, onChange) {
  [limit, label, changed] = [catalog.limits.maxUploadBytes, labelOf, onChange];
  starters = catalog.qualities.filter(one => one.hasReferenceImage).map(({ name }) => label(name));
  $('picture').addEventListener('change', () => {
    if ($('picture').files[0]) take($('picture').files[0]);
    // The same file may be chosen again.
    $('picture').value = '';
  });
  $('chosen-remove').addEventListener('click', () => {
    clearReference();
    say('The picture is removed.');
    $('picture').focus();
  });
  $('strength').addEventListener('input', () => { showStrength(); changed(); });
  document.addEventListener('paste', paste);
  document.addEventListener('dragstart', () => { isOwnDrag = true; });
  document.addEventListener('dragend', () => { isOwnDrag = false; });
  ['dragenter', 'dragover', 'dragleave', 'drop'].forEach(name => document.addEventListener(name, drag));
}

/** What it adds to the options of an order. */
export const reference = () => (chosen?.id && model.hasReferenceImage ? { referenceImage: chosen.id, ...(model.hasStrength && { strength: $('strength').value / 100 }) } : {});

/** Draws it for the model that would use it. */
export function showReference(used) {
  model = used;
  const takes = model.hasReferenceImage;
  $('drop').hidden = chosen !== null;
  $('picture').disabled = !takes;
  $('picture-hint').textContent = takes ? `Choose, drop or paste one, up to ${Math.floor(limit / MEBI)} MB` : cannot();
  $('chosen').hidden = chosen === null;
  $('chosen').toggleAttribute('data-unused', !takes);
  $('chosen').setAttribute('aria-busy', String(Boolean(chosen?.sending)));
  $('chosen-name').textContent = chosen?.name ?? '';
  $('chosen-state').textContent = chosen?.sending ? 'Sending…' : chosen ? `${chosen.width} × ${chosen.height} pixels` : '';
  $('strength-field').hidden = !chosen || !takes || !model.hasStrength;
  $('chosen-hint').textContent = !chosen ? '' : !takes ? `It is not used: ${cannot()}` : model.hasStrength ? '' : `${label(model.name)} quality chooses itself how much changes.`;
  showStrength();
}

/** Sends a file; tells in the form what is wrong with it. */
export function take(file) {
  wrong(refusal(file));
  if (refusal(file)) return;
  const hadFocus = document.activeElement === $('picture');
  replace({ name: file.name || 'Pasted picture', cut: new AbortController(), blob: URL.createObjectURL(file) });
  $('chosen-image').src = chosen.blob;
  chosen.sending = sendAs(chosen, file);
  changed();
  if (hadFocus) $('chosen-remove').focus();
}

/** The one that another picture started from, as long as it is kept. */
export async function takeAgain({ referenceImage, strength }) {
  clearReference();
  if (!referenceImage) return;
  if (strength !== null) $('strength').value = Math.round(strength * 100);
  const mine = { name: 'The picture of before', isOrdered: true };
  replace(mine);
  mine.sending = api.getUpload(referenceImage).then(upload => arrived(mine, upload), error => lost(mine, error));
  changed();
}

/** False when it could not be sent. */
export async function whenSent() {
  const isThere = !chosen?.sending || await chosen.sending;
  // From now on a job may need it.
  if (chosen) chosen.isOrdered = true;
  return isThere;
}

/** The server has it no more: it was too old. */
export function referenceLost() {
  clearReference();
  wrong('That picture is not kept any more. Choose it again.');
}

export function clearReference() {
  wrong('');
  if (!chosen) return;
  replace(null);
  changed();
}

/** Somebody has left: nothing more is asked in their name, and the form is drawn for who comes next. */
export function leaveReference() {
  if (chosen) chosen.isOrdered = true;
  wrong('');
  replace(null);
}

const cannot = () => `${label(model.name)} quality starts from words alone. ${starters.length > 0 ? `Choose ${starters.join(' or ')}.` : ''}`.trim();

function refusal(file) {
  if (!model.hasReferenceImage) return cannot();
  if (!types.includes(file.type)) return `“${file.name}” is nothing to start from. It must be a PNG, JPEG or WebP picture.`;
  if (file.size > limit) return `“${file.name}” is too large: it has ${(Math.ceil(file.size / MEBI * 10) / 10).toFixed(1)} MB, and ${Math.floor(limit / MEBI)} MB are the most.`;
  return '';
}

/** What nobody ordered is deleted, as far as that works: it ends by itself. */
function replace(next) {
  if (chosen) {
    chosen.cut?.abort();
    if (chosen.blob) URL.revokeObjectURL(chosen.blob);
    if (chosen.id && !chosen.isOrdered) api.removeUpload(chosen.id).catch(() => {});
  }
  chosen = next;
  $('chosen-image').removeAttribute('src');
}

async function sendAs(mine, file) {
  try {
    return arrived(mine, await api.upload(file, mine.cut.signal));
  } catch (error) {
    return lost(mine, error);
  }
}

function arrived(mine, upload) {
  if (chosen !== mine) return false;
  Object.assign(mine, { id: upload.id, width: upload.image.width, height: upload.image.height, sending: null });
  if (!mine.blob) $('chosen-image').src = upload.image.url;
  say('The picture to start from is here.');
  changed();
  return true;
}

function lost(mine, error) {
  if (chosen !== mine) return false;
  const hadFocus = document.activeElement === $('chosen-remove');
  clearReference();
  wrong(mine.blob ? plain(mine.name, error) : 'The picture that this one started from is not kept any more.');
  if (hadFocus) $('picture').focus();
  return false;
}

function plain(name, error) {
  const inFile = error instanceof ApiError && error.details.find(({ field }) => field === 'file');
  if (inFile) return `“${name}” ${inFile.message}.`;
  if (error.status === 413) return `“${name}” is too large.`;
  if (error.status === 415) return `“${name}” is not what its name says: it must be a PNG, JPEG or WebP picture.`;
  if (error.code === 'conflict') return 'You sent many pictures in a day. Remove one, or come back when the first is a day old.';
  return explain(error).text;
}

function wrong(text) {
  $('picture-error').textContent = text;
  $('picture-error').hidden = !text;
  if (text) say(text);
}

function showStrength() {
  const percent = Number($('strength').value);
  const [, words] = amounts.find(([most]) => percent <= most);
  $('strength-text').textContent = `${percent} %, ${words}`;
  $('strength').setAttribute('aria-valuetext', $('strength-text').textContent);
}

const isElsewhere = () => $('studio').hidden || document.querySelector('dialog[open]');

/** A copied text may have a picture of itself along: in a field it is text. */
function paste(event) {
  const [file] = event.clipboardData?.files ?? [];
  if (!file || isElsewhere() || (event.target.matches?.('input, textarea') && event.clipboardData.getData('text/plain'))) return;
  event.preventDefault();
  take(file);
}

/** Anywhere on the page: a browser would leave it for a file that misses the zone. A picture of the page that somebody drags is a file, too, and not meant. */
function drag(event) {
  if (isOwnDrag || isElsewhere() || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  const isOver = event.type === 'dragenter' || event.type === 'dragover' || (event.type === 'dragleave' && event.relatedTarget !== null);
  $('reference').toggleAttribute('data-over', isOver);
  if (event.type === 'drop' && event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
}

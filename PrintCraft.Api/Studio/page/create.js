import { complain, say } from './announce.js';
import { api } from './api.js';
import { $, el, radios } from './dom.js';
import { credits, duration } from './format.js';
import { once } from './intents.js';
import { put } from './jobs.js';
import { ApiError } from './problems.js';
import { quote } from './quote.js';
import { leaveReference, reference, referenceLost, showReference, startReference, take, takeAgain, whenSent } from './reference.js';

const shapes = [
  { name: 'Square', width: 1024, height: 1024 },
  { name: 'Portrait', width: 896, height: 1152 },
  { name: 'Landscape', width: 1152, height: 896 },
  { name: 'Tall', width: 768, height: 1344 },
  { name: 'Wide', width: 1344, height: 768 },
];
// Of a side. 1.375 stays below two megapixels, which is a step of the price.
const sizes = [{ name: 'Small', factor: 0.5 }, { name: 'Medium', factor: 1 }, { name: 'Large', factor: 1.375 }];
const qualities = { draft: 'Draft', standard: 'Standard', high: 'High' };

let [catalog, style, quality, shape, size, count, balance] = [];
let told = {};

/** The form. `ordered` is called with each job that it makes. */
export function startCreate(read, ordered) {
  catalog = read;
  told = { ordered };
  style = radios($('styles'), 'style', catalog.styles.map(({ name }) => ({ value: name, content: el('span', { className: 'swatch', data: { style: name } }, named(name)) })), changed);
  quality = radios($('qualities'), 'quality', catalog.qualities.map(one => ({
    value: one.name,
    title: one.model,
    content: [el('b', {}, qualities[one.name] ?? one.name), el('small', {}, `about ${duration(one.estimatedTime)}`)],
  })), changed);
  shape = radios($('shapes'), 'shape', shapes.map(({ name }, value) => ({ value, content: el('span', { className: 'outline', data: { shape: name.toLowerCase() } }, name) })), changed);
  size = radios($('sizes'), 'size', sizes.map(({ name }, value) => ({ value, content: name })), changed);
  count = radios($('counts'), 'count', [1, 2, 3, 4].slice(0, catalog.limits.maxCount).map(value => ({ value, content: String(value) })), changed);
  [style.value, quality.value, shape.value, size.value, count.value] = ['none', 'standard', 0, 1, 1];
  startReference(catalog, name => qualities[name] ?? name, changed);
  $('create').addEventListener('submit', submit);
  $('prompt').addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    // A key that is held down is one wish.
    if (!event.repeat) $('create').requestSubmit();
  });
  $('prompt').addEventListener('input', () => wrong(null));
  $('seed').addEventListener('input', () => $('seed').removeAttribute('aria-invalid'));
  changed();
}

/** What an order could cost is known before it is sent; what is left is told beside it. */
export function showBalance(available) {
  balance = available;
  if (catalog) changed();
}

/** Fills the form with how a picture was made, to go on from there. */
export function reuse(generation) {
  const { width, height } = generation.options;
  const index = shapes.findIndex(one => Math.abs(one.width / one.height - width / height) < 0.01);
  $('prompt').value = generation.prompt;
  $('negative').value = generation.negativePrompt;
  $('seed').value = generation.options.seed;
  [style.value, quality.value, count.value] = [generation.style, generation.options.quality, generation.options.count];
  shape.value = Math.max(0, index);
  size.value = Math.max(0, sizes.findIndex(({ factor }) => index >= 0 && shapes[index].width * factor === width));
  $('create').querySelector('.more').open = true;
  changed();
  takeAgain(generation.options);
  $('prompt').focus();
}

/** The next picture starts from this one; a quality that cannot is left. */
export function startFrom(file, prompt) {
  if (!model().hasReferenceImage) quality.value = catalog.qualities.find(one => one.hasReferenceImage)?.name ?? quality.value;
  $('prompt').value ||= prompt;
  changed();
  take(file);
  $('prompt').focus();
}

/** The form of somebody else, who comes next. */
export function clearCreate() {
  $('prompt').value = '';
  leaveReference();
}

export function suggest(text, name) {
  $('prompt').value = text;
  style.value = name;
  changed();
  $('prompt').focus();
}

const named = name => (name === 'none' ? 'No style' : name[0].toUpperCase() + name.slice(1));
const model = () => catalog.qualities.find(({ name }) => name === quality.value);
const sides = (one, by) => ({ width: one.width * by.factor, height: one.height * by.factor });

function isMade({ width, height }) {
  const { min, max, step, only } = model().sizes;
  const fits = side => side >= min && side <= max && side % step === 0;
  return only ? only.some(one => one.width === width && one.height === height) : fits(width) && fits(height);
}

const order = () => ({
  prompt: $('prompt').value.trim(),
  ...($('negative').value.trim() && model().hasNegativePrompt && { negativePrompt: $('negative').value.trim() }),
  style: style.value,
  options: {
    quality: quality.value,
    ...sides(shapes[shape.value], sizes[size.value]),
    count: Number(count.value),
    ...($('seed').value.trim() && { seed: Number($('seed').value) }),
    ...reference(),
  },
});

/** Shows only sizes that the model makes, then the price at once and the server's word on it soon after. */
function changed() {
  const made = sizes.map(by => isMade(sides(shapes[shape.value], by)));
  if (!made[size.value]) size.value = made.lastIndexOf(true);
  [...$('sizes').children].forEach((choice, index) => { choice.hidden = !made[index]; });
  $('negative').disabled = !model().hasNegativePrompt;
  $('negative-hint').textContent = model().hasNegativePrompt ? '' : `${qualities[quality.value]} quality takes no such words.`;
  showReference(model());
  quote(catalog, order(), showPrice);
}

function showPrice({ credits: price, estimatedTime }) {
  const isShort = balance !== undefined && price > balance;
  $('price').textContent = credits(price);
  const { width, height } = order().options;
  $('order-hint').textContent = isShort ? `You have ${credits(balance)}: choose fewer, smaller or simpler pictures.` : `${width} × ${height} pixels, about ${duration(estimatedTime)}`;
  $('order-hint').classList.toggle('short', isShort);
}

async function submit(event) {
  event.preventDefault();
  const body = order();
  if (!body.prompt) return wrong('Say what you want to see.', 'prompt');
  if (body.options.seed !== undefined && !(Number.isInteger(body.options.seed) && body.options.seed >= 0 && body.options.seed <= catalog.limits.maxSeed)) {
    $('create').querySelector('.more').open = true;
    return wrong(`A seed is a whole number from 0 to ${catalog.limits.maxSeed}.`, 'seed');
  }
  if ($('generate').getAttribute('aria-disabled') === 'true') return undefined;
  $('generate').setAttribute('aria-disabled', 'true');
  try {
    // What is on its way belongs to the order; when it does not come, that is told where it was chosen.
    if (!await whenSent()) return undefined;
    const whole = order();
    const made = put(await once(whole, intent => api.create(whole, intent)));
    say('Your picture is on its way.');
    told.ordered(made);
  } catch (error) {
    const inPrompt = error instanceof ApiError && error.details.find(({ field }) => field === 'prompt');
    if (inPrompt) wrong(`The prompt ${inPrompt.message}.`, 'prompt');
    else if (error instanceof ApiError && error.details.some(({ field }) => field === 'options.referenceImage')) referenceLost();
    else complain(error);
  } finally {
    $('generate').removeAttribute('aria-disabled');
  }
  return undefined;
}

function wrong(text, field) {
  $('prompt-error').textContent = text ?? '';
  $('prompt-error').hidden = !text;
  if (text && field === 'prompt') $('prompt').setAttribute('aria-invalid', 'true');
  else $('prompt').removeAttribute('aria-invalid');
  if (field === 'seed') $('seed').setAttribute('aria-invalid', 'true');
  if (text) $(field).focus();
}

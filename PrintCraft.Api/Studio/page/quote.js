import { api } from './api.js';

const REST = 350;
const FRESH = 30_000;
const MEGAPIXEL = 1024 * 1024;
const answers = new Map();
let timer = 0;
let asking = new AbortController();

/** The price of an order: by the catalogue at once, by the server when nobody has changed it for a moment. Only what the price depends on is asked anew. */
export function quote(catalog, { options, style }, show) {
  const { seed, referenceImage, strength, ...priced } = options;
  const name = JSON.stringify(priced);
  const { credits, estimatedTime } = catalog.qualities.find(one => one.name === options.quality);
  const tier = credits.find(one => options.width * options.height <= one.maxMegapixels * MEGAPIXEL) ?? credits.at(-1);
  clearTimeout(timer);
  asking.abort();
  const kept = answers.get(name);
  show(kept?.answer ?? { credits: tier.credits * options.count, estimatedTime });
  if (kept && kept.until > Date.now()) return;
  timer = setTimeout(async () => {
    asking = new AbortController();
    try {
      const answer = await api.quote({ prompt: 'a picture', style, options: priced }, asking.signal);
      answers.set(name, { answer, until: Date.now() + FRESH });
      show(answer);
    } catch {
      // The catalogue's price stands; the order itself says what is wrong.
    }
  }, REST);
}

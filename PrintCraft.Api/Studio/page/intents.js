const TWICE = 1000;
const open = new Map();

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

/**
 * Runs an order under the key of what somebody meant by it. The same order within a second is a double click, and one whose answer was lost is the
 * same order again: both have the same key, so that the server makes one job of them.
 */
export async function once(order, run) {
  const name = JSON.stringify(order);
  const intent = open.get(name) ?? { key: random() };
  open.set(name, intent);
  const answer = await run(intent.key).catch(error => {
    // Refused for good is answered, too: the next try is a new one. What may fare better later keeps its key.
    if (error.status && error.status < 500 && error.status !== 429 && error.status !== 409) open.delete(name);
    throw error;
  });
  setTimeout(() => open.get(name) === intent && open.delete(name), TWICE);
  return answer;
}

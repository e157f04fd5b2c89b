let offset = 0;

/** Milliseconds by which the server's clock is ahead of this one. */
export const clockOffset = () => offset;

export function setClock(date) {
  const theirs = Date.parse(date);
  // The header has whole seconds: less than that is no difference.
  if (!Number.isNaN(theirs) && Math.abs(theirs - Date.now()) > 2000) offset = theirs - Date.now();
}

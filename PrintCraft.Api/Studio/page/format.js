export const credits = count => `${count} ${Math.abs(count) === 1 ? 'credit' : 'credits'}`;

export const signed = count => (count > 0 ? `+${count}` : count < 0 ? `−${-count}` : '0');

export function duration(seconds) {
  const whole = Math.max(1, Math.round(seconds));
  return whole < 90 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

export const moment = text => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export const clock = date => date.toLocaleTimeString(undefined, { timeStyle: 'medium' });

/** The same word for a state everywhere. */
export const states = { pending: 'Waiting', processing: 'Drawing', succeeded: 'Done', failed: 'Failed', canceled: 'Cancelled' };

export const isFinal = status => status === 'succeeded' || status === 'failed' || status === 'canceled';

import { clock } from './format.js';

/** An answer of the API that is no success: RFC 9457 with a code. */
export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.error?.message ?? problem?.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem?.error?.code ?? `http_${status}`;
    this.details = problem?.error?.details ?? [];
    this.retryAt = retryAfter ? new Date(Date.now() + retryAfter * 1000) : null;
    this.traceId = problem?.traceId;
  }
}

/** The server could not be reached. */
export class OfflineError extends Error {}

/** Nobody is signed in any more. */
export class SignedOutError extends Error {}

const again = error => (error.retryAt ? ` Try again at ${clock(error.retryAt)}.` : ' Try again in a moment.');

const words = {
  insufficient_credits: error => `${error.message} Choose a lower quality, a smaller size or fewer pictures.`,
  rate_limited: error => `That was a lot at once.${again(error)}`,
  provider_unavailable: error => `The image provider is behind. Nothing was charged.${again(error)}`,
  service_unavailable: error => `The studio is busy right now. Nothing was lost.${again(error)}`,
  internal_error: error => `Something broke on our side. Try again${error.traceId ? `; if it stays, tell us ${error.traceId}` : ''}.`,
  invalid_request: error => error.details.map(({ field, message }) => (/^[A-Z]/.test(message) ? message : `${field.replace('options.', '')} ${message}`)).join('; ') || error.message,
  invalid_credentials: () => 'Address or password is not right. After several tries wait some minutes.',
  not_found: () => 'That is not there any more.',
};

/** What happened and what to do, in plain words, with the code for who wants to look it up (/errors). */
export function explain(error) {
  if (error instanceof ApiError) return { text: (words[error.code] ?? (() => error.message))(error), code: error.code };
  if (error instanceof OfflineError) return { text: 'The studio cannot be reached. Check your connection; what runs goes on without you.', code: 'offline' };
  if (error instanceof SignedOutError) return { text: error.message, code: 'signed_out' };
  return { text: 'Something went wrong in this page. Load it again.', code: 'page_error' };
}

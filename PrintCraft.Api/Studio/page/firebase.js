import { ApiError, OfflineError } from './problems.js';

const words = {
  EMAIL_EXISTS: 'There is an account with this address already.',
  EMAIL_NOT_FOUND: 'Address or password is not right.',
  INVALID_PASSWORD: 'Address or password is not right.',
  INVALID_LOGIN_CREDENTIALS: 'Address or password is not right.',
  INVALID_EMAIL: 'This is no e-mail address.',
  USER_DISABLED: 'This account is disabled.',
  TOO_MANY_ATTEMPTS_TRY_LATER: 'That was too many tries. Wait some minutes.',
};

/** Firebase's REST interface (https://firebase.google.com/docs/reference/rest/auth): three calls need no library. */
export class Firebase {
  constructor({ apiKey, accountsUrl, tokenUrl }) {
    Object.assign(this, { apiKey, accountsUrl, tokenUrl });
  }

  signUp = (email, password) => this.#account('signUp', { email, password });

  signIn = (email, password) => this.#account('signInWithPassword', { email, password });

  /** Has Firebase write the letter that verifies the address. */
  sendLetter = idToken => this.#post(`${this.accountsUrl}/v1/accounts:sendOobCode`, { requestType: 'VERIFY_EMAIL', idToken });

  /** Other than PrintCraft's, a refresh token of Firebase is good many times. */
  async refresh(refreshToken) {
    const answer = await this.#post(`${this.tokenUrl}/v1/token`, { grant_type: 'refresh_token', refresh_token: refreshToken });
    return { access: answer.id_token, refresh: answer.refresh_token, expiresIn: Number(answer.expires_in) };
  }

  async #account(what, body) {
    const answer = await this.#post(`${this.accountsUrl}/v1/accounts:${what}`, { ...body, returnSecureToken: true });
    return { access: answer.idToken, refresh: answer.refreshToken, expiresIn: Number(answer.expiresIn) };
  }

  async #post(url, body) {
    let answer;
    try {
      answer = await fetch(`${url}?key=${encodeURIComponent(this.apiKey)}`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), credentials: 'omit',
      });
    } catch (error) {
      throw new OfflineError(error.message);
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    const reason = (said.error?.message ?? '').split(' ')[0];
    throw new ApiError(answer.status, { error: { code: `firebase_${reason.toLowerCase() || 'error'}`, message: words[reason] ?? 'Firebase refused this sign-in.', details: [] } });
  }
}

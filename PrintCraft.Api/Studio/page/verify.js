import { busy, complain, say } from './announce.js';
import { api } from './api.js';
import { $, el } from './dom.js';
import { renewNow, sendFirebaseLetter, signedInBy } from './session.js';

/** Asks for the code of the letter: without a verified address there are no welcome credits. `done` reads the profile and the credits again. */
export function showVerify(me, done) {
  $('verify').hidden = me.emailVerified || !me.email || signedInBy() === 'credential';
  if ($('verify').hidden) return;
  $('verify').replaceChildren(...(signedInBy() === 'firebase' ? byLink(me, done) : byCode(me, done)));
}

const lead = (me, what) => el('p', {}, el('b', {}, 'Verify your address and get your welcome credits. '), `A letter with ${what} went to ${me.email}.`);

function byCode(me, done) {
  const code = el('input', { id: 'code', type: 'text', required: true, autocomplete: 'one-time-code', spellcheck: false, placeholder: 'Code of the letter' });
  const button = el('button', { type: 'submit', className: 'primary' }, 'Verify');
  const again = el('button', { type: 'button', className: 'quiet', onclick: () => busy(again, async () => { await api.resend({ email: me.email }); say('The letter is on its way again.'); }) }, 'Send it again');
  const verify = event => {
    event.preventDefault();
    busy(button, async () => {
      await api.verify({ email: me.email, token: code.value.trim() });
      say('Your address is verified.');
      await done();
    });
  };
  return [lead(me, 'a code'), el('form', { onsubmit: verify }, el('label', { htmlFor: 'code', className: 'hidden' }, 'Code of the letter'), code, button, again)];
}

function byLink(me, done) {
  const button = el('button', { type: 'button', className: 'primary', onclick: () => busy(button, async () => {
    await renewNow();
    await done();
  }) }, 'I have opened it');
  const again = el('button', { type: 'button', className: 'quiet', onclick: () => busy(again, async () => { await sendFirebaseLetter().catch(complain); say('The letter is on its way again.'); }) }, 'Send it again');
  return [lead(me, 'a link'), el('div', { className: 'actions' }, button, again)];
}

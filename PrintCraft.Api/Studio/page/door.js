import { busy, say } from './announce.js';
import { api } from './api.js';
import { $, el } from './dom.js';
import { config, hasFirebase, signInLocally, signInToFirebase, signInWith, signUpToFirebase } from './session.js';

let isNew = false;
let by = 'local';

/** Where one signs in. */
export function showDoor(why) {
  $('sign-in').hidden = false;
  draw(why);
  $('door-title').focus({ preventScroll: true });
}

export const hideDoor = () => {
  $('sign-in').hidden = true;
  $('sign-in').replaceChildren();
};

function draw(why) {
  $('sign-in').replaceChildren(el('div', { className: 'door-card' },
    el('div', { className: 'inks', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
    el('h1', { id: 'door-title', tabIndex: -1 }, isNew ? 'Open an account' : 'Welcome to the studio'),
    el('p', { className: why ? 'wrong' : 'lead' }, why ?? 'From a few words to a design that is ready for print.'),
    config.developmentCredential && !isNew && development(),
    hasFirebase() && providers(),
    account()));
  askNames();
}

/** Firebase wants none. */
function askNames() {
  if (!$('names')) return;
  $('names').hidden = by === 'firebase';
  $('names').querySelectorAll('input').forEach(input => { input.required = by !== 'firebase'; });
}

/** In development nobody needs an account: the same credential that the start of the application printed. */
function development() {
  const credential = el('input', { id: 'credential', type: 'text', value: config.developmentCredential, autocomplete: 'off', spellcheck: false, required: true });
  const enter = event => {
    event.preventDefault();
    signInWith(credential.value.trim());
  };
  return el('form', { className: 'door-dev', 'aria-label': 'Development', onsubmit: enter },
    el('button', { type: 'submit', className: 'primary big' }, 'Continue without an account'),
    el('details', { className: 'more' }, el('summary', {}, `${config.environment}: user dev`), el('div', { className: 'field' }, el('label', { htmlFor: 'credential' }, 'Credential'), credential)),
    el('p', { className: 'or' }, el('span', {}, 'or')));
}

function providers() {
  const choice = (value, text) => el('label', { className: 'choice' },
    el('input', { type: 'radio', name: 'by', value, checked: by === value, onchange: () => { by = value; askNames(); } }), el('span', { className: 'face' }, text));
  return el('fieldset', { className: 'field' }, el('legend', {}, 'Account'), el('div', { className: 'segments' }, choice('local', 'PrintCraft'), choice('firebase', config.firebase.isEmulator ? 'Firebase emulator' : 'Firebase')));
}

function account() {
  const email = el('input', { id: 'email', type: 'email', autocomplete: 'username', required: true, 'aria-describedby': 'door-error' });
  const password = el('input', { id: 'password', type: 'password', autocomplete: isNew ? 'new-password' : 'current-password', required: true, minLength: isNew ? 8 : 1, 'aria-describedby': 'door-error' });
  const name = (id, label, autocomplete) => el('div', { className: 'field' }, el('label', { htmlFor: id }, label), el('input', { id, type: 'text', autocomplete, maxLength: 100 }));
  const names = el('div', { className: 'pair', id: 'names' }, name('first-name', 'First name', 'given-name'), name('last-name', 'Last name', 'family-name'));
  const button = el('button', { type: 'submit', className: config.developmentCredential && !isNew ? 'big' : 'primary big' }, isNew ? 'Open the account' : 'Sign in');
  const enter = event => {
    event.preventDefault();
    busy(button, () => (isNew ? open : signIn)(email.value.trim(), password.value));
  };
  return el('form', { className: 'door-account', onsubmit: enter },
    isNew && names,
    el('div', { className: 'field' }, el('label', { htmlFor: 'email' }, 'E-mail address'), email),
    el('div', { className: 'field' }, el('label', { htmlFor: 'password' }, 'Password'), password, isNew && el('p', { className: 'hint' }, 'A few words are easier to keep than a riddle.')),
    button,
    el('p', { className: 'hint' }, isNew ? 'You have an account? ' : 'You are new here? ', el('button', { type: 'button', className: 'link', onclick: turn }, isNew ? 'Sign in' : 'Open an account')));
}

function turn() {
  isNew = !isNew;
  draw();
  $('sign-in').querySelector('.door-account input:not([hidden] *)').focus();
}

const signIn = (email, password) => (by === 'firebase' ? signInToFirebase : signInLocally)(email, password);

async function open(email, password) {
  if (by === 'firebase') await signUpToFirebase(email, password);
  else {
    await api.register({ email, password, firstName: $('first-name').value.trim(), lastName: $('last-name').value.trim() });
    await signInLocally(email, password);
  }
  isNew = false;
  say('Your account is open.');
}


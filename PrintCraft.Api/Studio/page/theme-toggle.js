import { $ } from './dom.js';

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';

/** Follows the system until somebody chooses; the choice is kept. */
export function startTheme() {
  const name = () => { $('theme').lastElementChild.textContent = `Switch to the ${isDark() ? 'light' : 'dark'} theme`; };
  $('theme').addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    localStorage.setItem('printcraft.theme', root.dataset.theme);
    name();
  });
  system.addEventListener('change', name);
  name();
}

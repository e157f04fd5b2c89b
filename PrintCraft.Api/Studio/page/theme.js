// Runs before the first paint, so that a remembered theme does not flash: a plain script, no module.
(() => {
  const kept = localStorage.getItem('printcraft.theme');
  if (kept) document.documentElement.dataset.theme = kept;
})();

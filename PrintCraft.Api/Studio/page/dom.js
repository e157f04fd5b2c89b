export const $ = id => document.getElementById(id);

/** An element with properties and children. Text becomes a text node: nothing that a user typed is ever read as markup. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (name in element && name !== 'list') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(path) {
  const [svg, line] = ['svg', 'path'].map(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** One of several, as real radio buttons; returns how to read and set it. */
export function radios(box, name, choices, onChange) {
  box.replaceChildren(...choices.map(({ value, content, title, hidden }) => el('label', { className: 'choice', title, hidden },
    el('input', { type: 'radio', name, value, onchange: () => onChange(value) }),
    el('span', { className: 'face' }, content))));
  const inputs = [...box.querySelectorAll('input')];
  return {
    get value() { return inputs.find(input => input.checked)?.value; },
    set value(wanted) { inputs.forEach(input => { input.checked = input.value === String(wanted); }); },
  };
}

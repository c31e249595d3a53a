/** The filter of the reference. Without JavaScript the page shows everything, and the box stays hidden. */
const box = document.querySelector('.filter');
const input = document.querySelector('#filter');
const status = box.querySelector('[role=status]');
const articles = [...document.querySelectorAll('article')].map((element) => ({
  element,
  link: document.querySelector(`nav a[href="#${CSS.escape(element.id)}"]`).parentElement,
  text: element.textContent.toLowerCase(),
}));

function filter() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { element, link, text } of articles) {
    const matches = words.every((word) => text.includes(word));
    element.hidden = link.hidden = !matches;
    if (matches) shown++;
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = section.querySelector('article:not([hidden]), li:not([hidden])') === null;
  }
  status.textContent = words.length === 0 ? '' : `${shown} of ${articles.length} elements`;
}

/** A link leads to its element, even if the filter hides it. */
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.closest('[hidden]') == null) return;
  input.value = '';
  filter();
  target.scrollIntoView();
}

input.addEventListener('input', filter);
window.addEventListener('hashchange', reveal);
box.hidden = false;
// A browser may have kept the text of the last visit.
filter();

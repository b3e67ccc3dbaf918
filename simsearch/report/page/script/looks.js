// Looks: the kinds of look-alikes, and how each was read.

const READ = { same: 'kept', unsure: 'unsure', related: 'note' };
const SORTS = ['equal', 'alike', 'unlike', 'missing'];

// How the pairs of a kind compare in one column, as shares of a bar.
const shares = ([name, ...counts]) => {
  const all = counts.reduce((sum, count) => sum + count, 0) || 1;
  const told = SORTS.map((sort, place) => (counts[place] ? `${whole.format(counts[place])} ${sort}` : null)).filter(Boolean);
  const track = element('span', { class: 'shares', role: 'img', 'aria-label': told.join(', '), title: told.join(', ') });
  SORTS.forEach((sort, place) => {
    if (!counts[place]) return;
    const part = element('span', { class: sort });
    part.style.flexGrow = counts[place] / all;
    track.append(part);
  });
  return element('span', { class: 'compared' }, datum(name, { class: 'name' }), track);
};

const lookAlikes = (kinds) => {
  const legend = element('p', { class: 'legend quiet' }, ...SORTS.flatMap((sort) =>
    [element('span', { class: `swatch ${sort}` }), `${sort}  `]));
  const rows = kinds.map(({ words, read, reading, example: [left, right], columns }) => {
    const more = element('details', {}, element('summary', {}, 'an example, and column by column'));
    // Most are never looked at, so they are drawn when one is opened.
    more.addEventListener('toggle', () => {
      if (more.childElementCount > 1) return;
      const names = [[idOf(left)], [idOf(right)]];
      more.append(element('div', { class: 'beside-each' },
        evidenceTable({ left, right, evidence: null }, names),
        element('div', { class: 'all-shares' }, ...columns.map(shares))));
    });
    return element('li', {}, element('p', {}, visible(words)),
      element('p', {}, chip(reading, READ[reading]), ' ', element('span', { class: 'quiet' }, visible(read))), more);
  });
  return panel('Kinds of look-alikes', null, element('ul', { class: 'looks' }, ...rows), legend);
};

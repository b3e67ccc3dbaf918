// Charts: of the head of the page. They are drawn in the colours of the style sheet.

const svg = (name, attributes, ...children) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

// How many pairs were how alike, on a scale that shows one pair beside thousands.
const histogram = ({ of, counts, edges, closer }, threshold) => {
  const width = 460, height = 150, base = height - 22, top = 14;
  const low = edges[0], high = edges[edges.length - 1];
  const x = (value) => ((value - low) / (high - low)) * width;
  // As many digits as tell two ticks apart.
  const digits = Math.min(Math.max(Math.ceil(1 - Math.log10((high - low) / 4)), 0), 6);
  const logOdds = (p) => Math.log(p / (1 - p));
  const most = Math.log1p(Math.max(...counts, 1));
  const cut = threshold === null ? null : of === 'probability' ? logOdds(threshold) : threshold;
  const chart = svg('svg', {
    viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': `pairs by ${of}; ${counts.reduce((all, each) => all + each, 0)} in all`,
  });
  counts.forEach((count, place) => {
    if (!count) return;
    const tall = Math.max((Math.log1p(count) / most) * (base - top), 1.5);
    const left = x(edges[place]), right = x(edges[place + 1]);
    const middle = (edges[place] + edges[place + 1]) / 2;
    const shown = (value) => (of === 'probability' ? probabilityText(1 / (1 + Math.exp(-value))) : value.toFixed(digits + 1));
    chart.append(svg('rect', {
      x: left + 0.75, y: base - tall, width: Math.max(right - left - 1.5, 1), height: tall, rx: 1.5,
      class: cut !== null && (closer === 'larger' ? middle >= cut : middle <= cut) ? 'above' : 'under',
    }, svg('title', {}, `${plural(count, 'pair')}, ${of} ${shown(edges[place])} to ${shown(edges[place + 1])}`)));
  });
  chart.append(svg('line', { x1: 0, x2: width, y1: base, y2: base, class: 'axis' }));
  const ticks = of === 'probability' ? TICKS.map((p) => [x(logOdds(p)), String(p)])
    : [0, 0.25, 0.5, 0.75, 1].map((share) => [share * width, (low + share * (high - low)).toFixed(digits)]);
  for (const [place, name] of ticks) {
    const anchor = place < 12 ? 'start' : place > width - 12 ? 'end' : 'middle';
    chart.append(svg('text', { x: place, y: height - 6, 'text-anchor': anchor }, name));
  }
  if (cut !== null && cut >= low && cut <= high) {
    const at = x(cut), end = at > width * 0.72;
    chart.append(svg('line', { x1: at, x2: at, y1: 2, y2: base, class: 'cut' }),
      svg('text', { x: at + (end ? -5 : 5), y: 11, 'text-anchor': end ? 'end' : 'start', class: 'strong' },
        `threshold ${Number(threshold.toFixed(4))}`));
  }
  return chart;
};

// What each threshold is worth: the expected precision over the pairs that it takes.
const thresholdCurve = ({ points, asked }, threshold) => {
  const width = 460, height = 150, base = height - 22, top = 14;
  const last = points[points.length - 1][2];
  const x = (pairs) => (last > 1 ? (Math.log(pairs) / Math.log(last)) * width : width / 2);
  const low = Math.min(0.9, ...points.map(([, precision]) => precision ?? 1));
  const y = (precision) => top + ((1 - precision) / Math.max(1 - low, 0.001)) * (base - top);
  const known = points.filter(([, precision]) => precision !== null);
  const chart = svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'expected precision over the pairs that are taken' });
  chart.append(svg('line', { x1: 0, x2: width, y1: base, y2: base, class: 'axis' }));
  chart.append(svg('polyline', { class: 'curve', points: known.map(([, precision, pairs]) => `${x(pairs)},${y(precision)}`).join(' ') }));
  for (const [score, precision, pairs] of known) {
    chart.append(svg('circle', { cx: x(pairs), cy: y(precision), r: 3, class: 'spot' },
      svg('title', {}, `threshold ${score}: ${plural(pairs, 'pair')}, precision ${precision.toFixed(4)}`)));
  }
  if (asked !== null && asked >= low) {
    chart.append(svg('line', { x1: 0, x2: width, y1: y(asked), y2: y(asked), class: 'cut' }),
      svg('text', { x: 2, y: y(asked) + 12, class: 'strong' }, `asked for ${asked}; threshold ${Number(threshold.toFixed(4))}`));
  }
  const ticks = [...new Set([1, Math.round(Math.sqrt(last)), last])];
  for (const pairs of ticks) {
    const anchor = x(pairs) < 12 ? 'start' : x(pairs) > width - 12 ? 'end' : 'middle';
    chart.append(svg('text', { x: x(pairs), y: height - 6, 'text-anchor': anchor }, plural(pairs, 'pair')));
  }
  return chart;
};

// Rows of bars: [name, value, text, what a click does].
const bars = (rows) => {
  const most = Math.max(...rows.map((row) => row[1]), 1);
  return element('div', { class: 'bars' }, ...rows.map(([name, value, text, act]) => {
    const fill = element('span', { class: 'fill' });
    fill.style.width = `${Math.max((Math.sqrt(value) / Math.sqrt(most)) * 100, 1)}%`;
    return element('button', { type: 'button', on: { click: act }, title: 'show these alone' },
      element('span', { class: 'name' }, name), element('span', { class: 'track' }, fill),
      element('span', { class: 'figure' }, text));
  }));
};

// What each column says of the pairs that were found: on average, for and against.
const worth = (columns) => {
  const most = Math.max(...columns.map((each) => Math.max(each.for, -each.against)), 0.1);
  const rows = columns.map((each) => {
    const both = bar(each.for, most);
    const against = bar(Math.min(each.against, -0.001), most).firstChild;
    both.append(against);
    return element('tr', {}, element('th', { scope: 'row' }, SPOKEN[each.column] ?? datum(each.column)),
      element('td', {}, both), element('td', { class: 'figure' }, signed(each.for)),
      element('td', { class: 'figure' }, each.against ? signed(each.against) : ''),
      element('td', { class: 'figure quiet' }, each.missing ? `${Math.round(each.missing * 100)} %` : ''));
  });
  return element('table', { class: 'worth' },
    element('thead', {}, element('tr', {}, element('th'), element('th'),
      element('th', { scope: 'col', title: 'ln odds, mean over the pairs' }, 'for'), element('th', { scope: 'col' }, 'against'),
      element('th', { scope: 'col', title: 'pairs in which a value is missing' }, 'missing'))),
    element('tbody', {}, ...rows));
};

const panel = (title, note, ...children) => element('section', { class: 'panel' },
  element('h2', {}, title), ...children, note ? element('p', { class: 'quiet' }, note) : null);

// The head; `choose(name, value)` sets filters.
const drawHead = (place, choose) => {
  const { head } = data;
  document.getElementById('how').textContent = visible(head.how);
  document.getElementById('tiles').append(...head.counts.map(([figure, what]) =>
    element('div', { class: 'tile' }, element('b', {}, figure), element('span', {}, what))));
  const told = document.getElementById('told');
  told.append(...head.warnings.map((text) => element('p', { class: 'warning' }, visible(text))));
  if (head.notes.length) {
    told.append(element('details', {}, element('summary', {}, `${plural(head.notes.length, 'note')} on how it was read`),
      element('ul', {}, ...head.notes.map((text) => element('li', {}, datum(text))))));
  }
  // Beside a long panel two short ones stand below each other.
  const column = head.worth.length ? element('div', { class: 'column' }) : place;
  if (column !== place) place.append(column);
  if (head.histogram) {
    const alike = head.histogram.of === 'probability' ? 'how probable it is that the two are the same' : 'score';
    column.append(panel('Pairs', `Compared pairs by ${alike}; heights are logarithmic.`,
      histogram(head.histogram, head.threshold)));
  }
  if (head.curve) {
    column.append(panel('What a threshold is worth', 'Expected share of right pairs among those taken, as pairs of less and less likeness are taken too.',
      thresholdCurve(head.curve, head.threshold)));
  }
  if (head.sizes.length) {
    column.append(panel(data.linked ? `${NOUN[0].toUpperCase()}${NOUN.slice(1)}s by partners` : 'Groups by size', null, bars(head.sizes.map(({ from, to, groups: count }) => {
      const least = data.linked ? from - 1 : from, most = data.linked ? to - 1 : to;
      const name = to === 0 ? `${least} and more` : from === to ? String(least) : `${least} to ${most}`;
      return [name, count, whole.format(count), () => choose({ from, to: to || '' })];
    }))));
  }
  if (head.worth.length) {
    place.append(panel('What each column is worth', 'Mean contribution to a pair that was found, in ln odds: 2.3 makes it ten times as likely.',
      worth(head.worth)));
  }
};

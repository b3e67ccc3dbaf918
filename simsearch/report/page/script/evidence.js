// Evidence: the values of two records side by side, and what each column says of the pair.
// The contributions are in ln odds and add up: 2.3 makes a pair ten times as likely.

// A bar from the middle, to the right for the pair, to the left against it.
const bar = (value, most) => {
  const fill = element('span', { class: value >= 0 ? 'for' : 'against' });
  const share = Math.min(Math.abs(value) / most, 1) * 50;
  fill.style.width = `${share}%`;
  fill.style[value >= 0 ? 'left' : 'right'] = '50%';
  return element('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
};

const contribution = (value, most) =>
  value === null || value === undefined
    ? element('td', { class: 'says quiet' }, '')
    : element('td', { class: 'says' }, bar(value, most),
      element('span', { class: 'figure' }, signed(value)));

const missingText = (value) => ((value ?? '') === '' ? '(empty)' : datum(value));

// Whether two values are one, written in two ways.
const isRewritten = (pair, place, one, other) =>
  (pair.rewritten ?? []).includes(place) || foldedWhole(one ?? '') === foldedWhole(other ?? '');

// A cell of a record; `other` is what it is compared with, `same` whether it is one in two spellings.
const valueCell = (value, other, column, same) => {
  if (column.redacted) return element('td', { class: 'quiet' }, 'kept out');
  if (isMissing(value)) return element('td', { class: 'quiet missing' }, missingText(value));
  if (isMissing(other)) return element('td', {}, datum(value));
  if (value === other) return element('td', { class: 'equal' }, datum(value));
  if (same) {
    return element('td', { class: 'rewritten', title: 'the same, written in another way' }, datum(value));
  }
  const pieces = differences(value, other)[0].map(([text, differs]) =>
    differs ? element('mark', {}, visible(text)) : visible(text));
  return element('td', {}, element('bdi', {}, ...pieces));
};

const SPOKEN = { whole_record: 'whole record', rarest_shared_word: 'rarest shared word', rest: 'everything else' };

// The names of a column in the evidence: of two tables it has the left one's.
const evidenceOf = (name) => {
  const exact = data.evidence.indexOf(name);
  return exact >= 0 ? exact : data.evidence.indexOf(name.split(' = ')[0]);
};
const EVIDENCE_OF = data.columns.map((column) => (column.compared ? evidenceOf(column.name) : -1));
const BESIDE = data.evidence.map((_, place) => place).filter((place) => !EVIDENCE_OF.includes(place));

// Columns in which neither of two items has anything say nothing.
const isFilled = (left, right, place) =>
  data.columns[place].redacted || !isMissing(left[place]) || !isMissing(right[place]);

// Two records side by side. `names`: what stands above them.
const evidenceTable = (pair, names) => {
  const left = data.values[pair.left], right = data.values[pair.right];
  const said = pair.evidence;
  const most = Math.max(2, ...(said ?? []).map((value) => Math.abs(value ?? 0)));
  const body = element('tbody');
  data.columns.forEach((column, place) => {
    if (!isFilled(left, right, place)) return;
    const at = EVIDENCE_OF[place];
    const same = isRewritten(pair, place, left[place], right[place]);
    body.append(element('tr', { class: column.compared ? null : 'aside' },
      element('th', { scope: 'row', title: column.compared ? null : 'not compared' }, datum(column.name)),
      valueCell(left[place], right[place], column, same), valueCell(right[place], left[place], column, same),
      said ? contribution(at < 0 ? null : said[at], most) : null));
  });
  const head = element('tr', {}, element('th', { scope: 'col' }, ''),
    ...names.map((name) => element('th', { scope: 'col' }, ...name)),
    said ? element('th', { scope: 'col', class: 'says', title: 'in ln odds: 2.3 makes the pair ten times as likely' }, 'says') : null);
  const table = element('table', { class: 'records' }, element('thead', {}, head), body);
  if (said) table.append(element('tfoot', {}, ...BESIDE.filter((at) => said[at]).map((at) =>
    element('tr', {}, element('th', { scope: 'row', colspan: 3 }, SPOKEN[data.evidence[at]] ?? datum(data.evidence[at])),
      contribution(said[at], most))), total(said, pair.probability)));
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'values side by side' }, table);
};

const total = (said, probability) => {
  const sum = said.reduce((all, value) => all + (value ?? 0), 0);
  return element('tr', { class: 'total' }, element('th', { scope: 'row' }, 'together'),
    element('td', { class: 'says', colspan: 3 }, element('span', { class: 'figure' },
      `${signed(sum)}, probability ${probabilityText(probability)}`)));
};

// What differs between two records, on a line.
const differing = (pair) => {
  const left = data.values[pair.left], right = data.values[pair.right];
  const out = [];
  data.columns.forEach((column, place) => {
    const one = left[place], other = right[place];
    if (column.redacted || !column.compared || one === other) return;
    if (isMissing(one) && isMissing(other)) return;
    const same = isRewritten(pair, place, one, other);
    const shown = (text, against) => (isMissing(text) ? element('span', { class: 'quiet' }, missingText(text))
      : isMissing(against) || same ? datum(text)
        : element('bdi', {}, ...differences(text, against)[0].map(([piece, differs]) =>
          differs ? element('mark', {}, visible(piece)) : visible(piece))));
    out.push(element('span', { class: same ? 'change slight' : 'change' },
      element('span', { class: 'quiet' }, datum(column.name), ' '), shown(one, other), ' → ', shown(other, one)));
  });
  return out.length ? out : [element('span', { class: 'quiet' }, 'no value that is compared differs')];
};

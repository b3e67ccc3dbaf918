// Text: whatever comes from the data enters the page as text, never as markup.

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

// What cannot be seen, or would turn the text around it, by its number.
const visible = (text) =>
  text.replace(HIDDEN, (letter) => {
    const code = letter.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code)
      : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });

// An element with attributes (class, aria-label …; `on` holds listeners) and children or texts.
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (value === true) made.setAttribute(key, '');
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
  return made;
};

// A piece of data, kept from mixing with the direction of what stands around it.
const datum = (text, attributes = {}) => element('bdi', attributes, visible(text));

const whole = new Intl.NumberFormat('en');
const decimal = (value, digits) => value.toFixed(digits).replace('-', '−');
const signed = (value) => (Math.abs(value) < 0.05 ? '0.0' : (value > 0 ? '+' : '') + decimal(value, 1));
const plural = (number, noun) => `${whole.format(number)} ${noun}${number === 1 ? '' : 's'}`;

const probabilityText = (p) => (p > 0.9995 ? '>0.999' : p < 0.0005 ? '<0.001' : p.toFixed(3));

const bytesText = (bytes) =>
  bytes < 1024 ? `${bytes} bytes`
    : bytes < 1048576 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`;

// How a letter counts when two values are compared: without case, accents and width.
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
// Words that say there is no value, as simsearch takes them.
const MISSING = new Set(data.missing);
const isMissing = (value) => value === null || MISSING.has(foldedWhole(value));

const foldedWhole = (text) => folded(text).replace(/\s+/g, ' ').trim();

// Lengths up to which two values are compared letter by letter, then word by word.
const LETTERS = 80, WORDS = 300;

// Two values as pieces [text, differs]; values that hardly share anything differ as a whole.
const differences = (left, right) => {
  if (foldedWhole(left) === foldedWhole(right)) return [[[left, false]], [[right, false]]];
  const letters = Math.max(left.length, right.length) <= LETTERS;
  const pieces = [left, right].map((text) => (letters ? [...text] : text.match(/\s+|[^\s]+/g) ?? []));
  if (Math.max(pieces[0].length, pieces[1].length) > WORDS) return [inWords(left, right), inWords(right, left)];
  const kept = common(pieces[0].map(folded), pieces[1].map(folded));
  if (letters) kept.forEach(withoutSpecks);
  const share = kept[0].filter(Boolean).length / Math.max(pieces[0].length, pieces[1].length, 1);
  if (share < 0.6) return [inWords(left, right), inWords(right, left)];
  return [0, 1].map((side) => joined(pieces[side], kept[side]));
};

// The words of a text that another lacks, in whatever order.
const inWords = (text, other) => {
  const counts = new Map();
  for (const [word] of other.matchAll(/[\p{L}\p{N}]+/gu)) {
    counts.set(folded(word), (counts.get(folded(word)) ?? 0) + 1);
  }
  const pieces = text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? [];
  const kept = pieces.map((piece) => {
    const left = counts.get(folded(piece)) ?? 0;
    if (left) counts.set(folded(piece), left - 1);
    return left > 0;
  });
  if (!kept.some(Boolean)) return [[text, true]];
  // What stands between two words goes with the one before it.
  pieces.forEach((piece, place) => {
    if (!/[\p{L}\p{N}]/u.test(piece)) kept[place] = kept[place - 1] || kept[place + 1] || place === 0;
  });
  return joined(pieces, kept);
};

// Which places of two lists belong to a longest common subsequence.
const common = (one, other) => {
  const rows = one.length, columns = other.length;
  const length = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      length[i][j] = one[i] === other[j] ? length[i + 1][j + 1] + 1
        : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const kept = [Array(rows).fill(false), Array(columns).fill(false)];
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (one[i] === other[j]) { kept[0][i++] = true; kept[1][j++] = true; }
    else if (length[i + 1][j] >= length[i][j + 1]) i++;
    else j++;
  }
  return kept;
};

// One or two letters that two values share between others are shared by chance.
const withoutSpecks = (kept) => {
  for (let begin = 0; begin < kept.length;) {
    let end = begin;
    while (end < kept.length && kept[end] === kept[begin]) end++;
    const inside = begin > 0 && end < kept.length;
    if (kept[begin] && inside && end - begin < 3) kept.fill(false, begin, end);
    begin = end;
  }
};

const joined = (pieces, kept) => {
  const out = [];
  pieces.forEach((piece, place) => {
    const last = out[out.length - 1];
    if (last && last[1] === !kept[place]) last[0] += piece;
    else out.push([piece, !kept[place]]);
  });
  return out;
};

// A text whose words are marked at [begin, end, sort].
const withMarks = (text, marks) => {
  const out = [];
  let at = 0;
  for (const [begin, end, sort] of marks ?? []) {
    if (end > text.length) break;
    out.push(visible(text.slice(at, begin)));
    out.push(element('mark', { class: sort === 2 ? 'spelled' : null }, visible(text.slice(begin, end))));
    at = end;
  }
  out.push(visible(text.slice(at)));
  return element('bdi', { class: 'prose' }, ...out);
};

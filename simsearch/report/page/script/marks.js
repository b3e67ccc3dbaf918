// Marks: what a person says of pairs. They are kept by the browser, and leave it as a CSV that
// simsearch takes as labels.

const STORE = `simsearch-report:${data.key}`;

class Marks {
  constructor(store) {
    this.store = store;
    this.kept = true; // whether the browser keeps them
    this.listeners = [];
    this.done = []; // [pair, what it was before], for undo
    this.by = new Map();
    try {
      const held = JSON.parse(localStorage.getItem(store) ?? '[]');
      const known = new Set(data.ids);
      for (const [pair, same] of held) {
        // What another page left under this name must not reach the labels.
        if (JSON.parse(pair).every((id) => known.has(id))) {
          this.by.set(pair, same === true);
        }
      }
    } catch {
      this.kept = false;
    }
  }

  // The name of a pair. An id may hold any character, so the two are not just joined.
  static pair(left, right) { return JSON.stringify([data.ids[left], data.ids[right]]); }

  get(pair) { return this.by.get(pair); }

  // true: the same; false: not; undefined: unmarked.
  set(pair, same) {
    this.done.push([pair, this.by.get(pair)]);
    this.put(pair, same);
  }

  undo() {
    const last = this.done.pop();
    if (last) this.put(...last);
    return last ? last[0] : null;
  }

  put(pair, same) {
    if (same === undefined) this.by.delete(pair);
    else this.by.set(pair, same);
    this.save();
    for (const listener of this.listeners) listener(pair);
  }

  clear() {
    this.by.clear();
    this.done = [];
    this.save();
    for (const listener of this.listeners) listener(null);
  }

  save() {
    try {
      localStorage.setItem(this.store, JSON.stringify([...this.by]));
    } catch {
      this.kept = false;
    }
  }

  // left_id,right_id,same: what `dedupe --labels`, `recalibrate` and `train` read.
  csv() {
    const cell = (text) => (/^\s|\s$|[",\r\n]|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = [...this.by].map(([pair, same]) => {
      const [left, right] = JSON.parse(pair);
      return `${cell(left)},${cell(right)},${same ? 1 : 0}\n`;
    });
    return `left_id,right_id,same\n${lines.join('')}`;
  }

  download() {
    const file = new Blob([this.csv()], { type: 'text/csv' });
    const address = URL.createObjectURL(file);
    element('a', { href: address, download: 'labels.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
}

const marks = new Marks(STORE);

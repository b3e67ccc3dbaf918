// List: of any number of cards only those near the window are in the page.

const OVERSCAN = 900;

class VirtualList {
  // `build(item, position, count)` makes the element of an item, `estimate(item)` guesses its height.
  constructor(frame, build, estimate) {
    this.frame = frame;
    this.build = build;
    this.estimate = estimate;
    this.heights = new Map(); // measured, by item
    this.shown = new Map(); // elements, by position
    this.items = [];
    this.whole = false; // every item is in the page, to be printed
    this.above = element('div', { 'aria-hidden': 'true' });
    this.below = element('div', { 'aria-hidden': 'true' });
    frame.append(this.above, this.below);
    addEventListener('scroll', () => this.soon(), { passive: true });
    new ResizeObserver(() => {
      if (frame.clientWidth === this.width) return;
      this.width = frame.clientWidth; // lines break elsewhere: what was measured is gone
      this.heights.clear();
      this.lay();
      this.soon();
    }).observe(frame);
  }

  set(items) {
    this.items = items;
    this.empty();
    this.lay();
    this.render();
  }

  empty() {
    for (const card of this.shown.values()) card.remove();
    this.shown.clear();
  }

  // Where each item begins, and the last ends.
  lay() {
    const { items, heights } = this;
    this.tops = new Float64Array(items.length + 1);
    for (let i = 0; i < items.length; i++) {
      this.tops[i + 1] = this.tops[i] + (heights.get(items[i]) ?? this.estimate(items[i]));
    }
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.render(); });
  }

  // The first position that ends below a height.
  at(height) {
    let low = 0, high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] > height) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  render() {
    const top = -this.frame.getBoundingClientRect().top;
    let first = Math.min(this.at(top - OVERSCAN), Math.max(this.items.length - 1, 0));
    let last = Math.min(this.at(top + innerHeight + OVERSCAN) + 1, this.items.length);
    if (this.whole) [first, last] = [0, Math.min(this.items.length, this.whole)];
    // What is seen must stay where it is, however high what comes in above turns out to be.
    const anchor = [...this.shown].find(([position, card]) =>
      position >= first && position < last && card.getBoundingClientRect().bottom > 0);
    const before = anchor?.[1].getBoundingClientRect().top;
    for (const [position, card] of this.shown) {
      if (position >= first && position < last) continue;
      card.remove();
      this.shown.delete(position);
    }
    let next = this.above.nextSibling;
    for (let position = first; position < last; position++) {
      let card = this.shown.get(position);
      if (!card) {
        card = this.build(this.items[position], position, this.items.length);
        this.shown.set(position, card);
        this.frame.insertBefore(card, next);
      }
      next = card.nextSibling;
    }
    this.shown = new Map([...this.shown].sort(([one], [other]) => one - other));
    this.measure();
    this.above.style.height = `${this.tops[first] ?? 0}px`;
    this.below.style.height = `${(this.tops[this.items.length] ?? 0) - (this.tops[last] ?? 0)}px`;
    if (anchor?.[1].isConnected && !this.whole) {
      const moved = anchor[1].getBoundingClientRect().top - before;
      if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: 'instant' });
    }
  }

  measure() {
    let changed = false;
    for (const [position, card] of this.shown) {
      const height = card.offsetHeight + GAP, item = this.items[position];
      if (this.heights.get(item) === height) continue;
      this.heights.set(item, height);
      changed = true;
    }
    if (changed) this.lay();
  }

  // Makes one item anew, as something about it changed.
  refresh(item) {
    const position = this.items.indexOf(item), old = this.shown.get(position);
    if (!old) return;
    const card = this.build(item, position, this.items.length);
    old.replaceWith(card);
    this.shown.set(position, card);
    this.measure();
    this.soon();
  }

  // Brings an item into the window, and gives its element.
  reveal(position) {
    if (!this.shown.has(position)) {
      const top = this.frame.getBoundingClientRect().top + scrollY + this.tops[position];
      this.empty(); // nothing of what was seen is to stay where it is
      scrollTo({ top: top - BAR, behavior: 'instant' });
      this.render();
    }
    return this.shown.get(position);
  }
}

// Between cards; and what the bar at the top covers.
const GAP = 14, BAR = 90;

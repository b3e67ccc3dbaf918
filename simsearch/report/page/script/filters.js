// Filters: which groups are shown, and in which order.

class Filters {
  constructor(changed) {
    this.changed = changed;
    this.form = document.getElementById('filters');
    const tiers = new Map();
    for (const { pairs } of groups) {
      for (const { tier } of pairs) if (tier !== null) tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
    }
    const lanes = this.form.elements.lane;
    if (groups.some((group) => group.number === null)) {
      lanes.append(element('option', { value: 'in' }, data.linked ? 'linked' : 'grouped'),
        element('option', { value: 'apart' }, 'kept apart'));
    }
    if (tiers.size > 1) {
      for (const [tier, count] of tiers) {
        lanes.append(element('option', { value: `tier:${tier}` }, `${visible(tier)} (${whole.format(count)})`));
      }
    }
    lanes.closest('label').hidden = lanes.options.length < 2;
    const probable = groups.some((group) => group.pairs.some((pair) => pair.probability !== null));
    document.getElementById('probabilities').hidden = !probable;
    this.form.addEventListener('input', () => this.soon());
    this.form.addEventListener('submit', (event) => event.preventDefault());
    this.form.addEventListener('reset', () => setTimeout(() => this.changed()));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed(), 120);
  }

  choose({ from, to }) {
    this.form.elements.from.value = from;
    this.form.elements.to.value = to;
    this.changed();
    document.getElementById('bar').scrollIntoView();
  }

  // The groups that are to be shown, in order.
  shown() {
    const { search, lane, least, most, from, to, marked, order } = this.form.elements;
    const words = foldedWhole(search.value).split(' ').filter(Boolean);
    const between = (value, low, high) => value >= low && value <= high;
    const probable = least.value === '' && most.value === '' ? null
      : [least.value === '' ? 0 : Number(least.value), most.value === '' ? 1 : Number(most.value)];
    const sizes = [Number(from.value) || 0, Number(to.value) || Infinity];
    const passes = (group) =>
      (lane.value === '' || (lane.value === 'in' && group.number !== null)
        || (lane.value === 'apart' && group.number === null)
        || group.pairs.some((pair) => `tier:${pair.tier}` === lane.value))
      && (probable === null || group.pairs.some((pair) => pair.probability !== null && between(pair.probability, ...probable)))
      && between(group.size, ...sizes)
      && (marked.value === '' || group.pairs.some((pair) => stateOf(pair) === marked.value))
      && words.every((word) => searchable(group).includes(word));
    const found = groups.filter(passes);
    const weakest = (group) => Math.min(...group.pairs.map((pair) => pair.probability ?? pair.score ?? 1));
    const orders = {
      doubt: (one, other) => one.place - other.place,
      size: (one, other) => other.size - one.size || one.place - other.place,
      sure: (one, other) => weakest(other) - weakest(one) || one.place - other.place,
      source: (one, other) => (one.number ?? Infinity) - (other.number ?? Infinity) || one.place - other.place,
    };
    return found.sort(orders[order.value]);
  }
}

const stateOf = (pair) => {
  const same = marks.get(Marks.pair(pair.left, pair.right));
  return same === undefined ? 'none' : same ? 'same' : 'different';
};

// All text of a group, for searching; made when somebody searches.
const searchable = (group) => {
  if (group.text === undefined) {
    const items = new Set([group.kept, ...group.pairs.flatMap((pair) => [pair.left, pair.right])]);
    group.text = foldedWhole([...items].map((item) =>
      [data.ids[item], ...data.values[item]].join(' ')).join(' '));
  }
  return group.text;
};

// Data: what the page holds, read once; groups and pairs get names for their places.

const held = (name) => JSON.parse(document.getElementById(name).textContent);

const data = held('data');
// Small pictures as base64, by item; decoded when they come into view.
const pictures = held('pictures');

const asPair = ([left, right, probability = null, score = null, tier = null, differs = null,
  note = null, evidence = null, leftWords = null, rightWords = null, rewritten = null]) =>
  ({ left, right, probability, score, tier, differs, note, evidence, words: [leftWords, rightWords],
    rewritten: rewritten ?? [] });

// In the order of doubt: the least certain first.
const groups = data.groups.map(([number, kept, size, confidence, pairs], place) =>
  ({ place, number, kept, size, confidence, pairs: pairs.map(asPair) }));

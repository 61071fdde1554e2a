/**
 * How well a query fits a text: every word of it must be there, its letters in order but perhaps
 * with others between. `undefined`: it does not. Beginnings of words and runs of letters count most.
 */
export const fuzzyScore = (query: string, text: string): number | undefined => {
  const lower = text.toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    let best = -Infinity;
    for (let from = lower.indexOf(word[0]!); from >= 0; from = lower.indexOf(word[0]!, from + 1)) {
      best = Math.max(best, scoreFrom(from, word, { text, lower }));
    }
    if (best === -Infinity) return undefined;
    total += best;
  }
  return total - text.length / 1_000; // Of two that fit alike, the shorter one.
};

const scoreFrom = (
  from: number,
  word: string,
  { text, lower }: { text: string; lower: string },
): number => {
  let score = lower.startsWith(word, from) ? 2 * word.length : 0;
  let last = from - 1;
  for (const letter of word) {
    const at = lower.indexOf(letter, last + 1);
    if (at < 0) return -Infinity;
    const gap = at - last - 1;
    score += (gap === 0 ? 3 : -Math.min(gap, 5) / 5) + (beginsWord(text, at) ? 4 : 0);
    last = at;
  }
  return score;
};

const beginsWord = (text: string, at: number): boolean =>
  at === 0 || /[^A-Za-z0-9].|[a-z][A-Z]/.test(text.slice(at - 1, at + 1));

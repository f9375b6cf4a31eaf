/** How many characters may be wrong, missing, too many or swapped. */
const MOST_TYPOS = 2;

/** A shorter word, with fewer letters than these for each typo, would be like too many others. */
const LETTERS_FOR_A_TYPO = 3;

/** The candidate that a word is most likely a misspelling of; `undefined` when it is like none of them. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.min(MOST_TYPOS, Math.floor(word.length / LETTERS_FOR_A_TYPO)) + 1;
  for (const candidate of candidates) {
    const typos = typosBetween(word.toLowerCase(), candidate.toLowerCase());
    if (typos < fewest) [nearest, fewest] = [candidate, typos];
  }
  return nearest;
}

/** The distance of Damerau and Levenshtein, in which two neighbours that changed places are one typo. */
function typosBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = a[i - 1] === b[j - 1] ? 0 : 1;
      let typos = Math.min(at(rows, i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(rows, i - 1, j - 1) + changed);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) typos = Math.min(typos, at(rows, i - 2, j - 2) + 1);
      row.push(typos);
    }
    rows.push(row);
  }
  return at(rows, a.length, b.length);
}

function at(rows: readonly number[][], i: number, j: number): number {
  return rows[i]?.[j] ?? 0;
}

/**
 * The length of the longest text that a regular expression matches as a whole, in characters. `undefined` when it
 * has no bound, is not anchored at both ends, or has nothing in it that is repeated between bounds.
 */
export function longestMatch(pattern: string): number | undefined {
  if (!/^\^.*\$$/s.test(pattern) || !/\{\d+,\d+\}/.test(pattern)) return undefined;
  const length = new Reader(pattern).alternatives();
  return Number.isFinite(length) ? length : undefined;
}

const CLASS = /^\[(?:\\.|[^\]\\])*\]/s;
const ESCAPE = /^\\(?:u\{[0-9a-f]+\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[pP]\{[^}]*\}|.)/is;
const GROUP = /^\((?<kind>\?(?:<?[=!]|:|<\w+>))?/;
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

class Reader {
  #rest: string;

  constructor(pattern: string) {
    this.#rest = pattern;
  }

  /** The longest of what `|` separates, up to the end or the `)` that ends it. */
  alternatives(): number {
    let longest = this.#sequence();
    while (this.#take(/^\|/) !== undefined) longest = Math.max(longest, this.#sequence());
    return longest;
  }

  #sequence(): number {
    let length = 0;
    while (this.#rest !== '' && !/^[|)]/.test(this.#rest)) {
      const one = this.#one();
      const times = most(this.#take(QUANTIFIER));
      length += one === 0 ? 0 : one * times;
    }
    return length;
  }

  #one(): number {
    if (this.#take(/^(?:\^|\$|\\b)/i) !== undefined) return 0;
    if (this.#take(CLASS) !== undefined || this.#take(ESCAPE) !== undefined) return 1;
    const group = this.#take(GROUP);
    if (group !== undefined) {
      const length = this.alternatives();
      this.#take(/^\)/);
      return /[=!]/.test(group) ? 0 : length;
    }
    this.#take(/^./su);
    return 1;
  }

  #take(what: RegExp): string | undefined {
    const [found] = what.exec(this.#rest) ?? [];
    if (found !== undefined) this.#rest = this.#rest.slice(found.length);
    return found;
  }
}

function most(quantifier: string | undefined): number {
  if (quantifier === undefined || quantifier.startsWith('?')) return 1;
  const bounds = /^\{(?<least>\d+)(?<range>,(?<most>\d*))?\}/.exec(quantifier)?.groups;
  if (bounds === undefined) return Infinity;
  if (bounds['range'] === undefined) return Number(bounds['least']);
  return bounds['most'] === '' ? Infinity : Number(bounds['most']);
}

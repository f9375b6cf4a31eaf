/** Where the symbols of `using` are: what every realm calls `Symbol`. */
interface Symbols {
  readonly dispose?: symbol;
  readonly asyncDispose?: symbol;
}

/**
 * Gives a realm the symbols of `using` if it lacks them: on Node 22 only Node's first realm has them, and none of those
 * that test runners make. What `using` is compiled to asks `Symbol` for them, and so do the names of methods. They are
 * the symbols of Node 22, so that its own objects can be disposed of too.
 */
export function completeSymbols(symbols: Symbols): void {
  for (const name of ['dispose', 'asyncDispose'] as const) {
    if (symbols[name] === undefined) Object.defineProperty(symbols, name, { value: Symbol.for(`nodejs.${name}`) });
  }
}

completeSymbols(Symbol);

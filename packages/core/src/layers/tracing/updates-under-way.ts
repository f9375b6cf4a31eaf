/** Counts the updates that are under way at each path, of those that have one. Nobody waits for them. */
export class UpdatesUnderWay {
  readonly #counts = new Map<string, number>();

  /** Whether an update of this path is under way. */
  has(path: string): boolean {
    return this.#counts.has(path);
  }

  enter(path: string | undefined): void {
    if (path === undefined) return;
    this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
  }

  leave(path: string | undefined): void {
    if (path === undefined) return;
    const left = (this.#counts.get(path) ?? 0) - 1;
    if (left > 0) this.#counts.set(path, left);
    else this.#counts.delete(path);
  }
}

import type { RootFilesystem } from '@holdfast/core';
import { Layer } from '@holdfast/core/adapter';

/** A view, for a suite that closes what it opens: closes what the view is of, too. */
export class ClosesBoth extends Layer {
  readonly #below: RootFilesystem;
  #closed: Promise<void> | undefined;

  constructor(view: RootFilesystem, below: RootFilesystem) {
    super(view);
    this.#below = below;
  }

  override close(): Promise<void> {
    this.#closed ??= super.close().then(() => this.#below.close());
    return this.#closed;
  }
}

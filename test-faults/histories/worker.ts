import { pathToFileURL } from 'node:url';
import { startChildren, type Child } from '@holdfast/test-support';
import { bundleChild } from '../processes/bundle-child.ts';
import type { StorePlace } from './open-store.ts';
import type { Report, Work } from './work.ts';

/** What a process is told: a store to open, unless it has it open, and what to do on it. */
export interface Order {
  readonly place: StorePlace;
  readonly work?: Work;
}

/** What it answers. */
export type Reply = { readonly report: unknown } | { readonly failed: string };

/** Another process, which does what it is told on one store after the other. Killed when disposed of. */
export class Worker implements AsyncDisposable {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  /** @param name tells the workers of test files apart that run at once */
  static async start(name: string, count: number): Promise<Worker[]> {
    const module = pathToFileURL(await bundleChild(new URL('children/work.ts', import.meta.url), name));
    const children = await startChildren(count, module);
    return children.map((child) => new Worker(child));
  }

  /** Opens a store, so that it is open for what is to be done on it. */
  async open(place: StorePlace): Promise<void> {
    await this.#tell({ place });
  }

  async does<W extends Work>(place: StorePlace, work: W): Promise<Report<W>> {
    return (await this.#tell({ place, work })) as Report<W>;
  }

  async #tell(order: Order): Promise<unknown> {
    const reply = (await this.#child.tell({ ...order })) as Reply;
    if ('failed' in reply) throw new Error(`the other process failed: ${reply.failed}`);
    return reply.report;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child.kill();
  }
}

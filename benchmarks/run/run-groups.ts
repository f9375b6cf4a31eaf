import type { Effort } from '../measure/effort.ts';
import type { Benchmark, Group, Measured } from './benchmark.ts';
import { NotInstalled } from './not-installed.ts';
import { startServers, type ServerName } from './servers.ts';

/** All that was measured of one group. */
export interface MeasuredGroup {
  readonly title: string;
  readonly measured: readonly Measured[];
  /** What both sides are and what their writes survive, and what could not be compared. */
  readonly notes: readonly string[];
}

/** Who is told of a run as it goes. */
export interface Listener {
  readonly server: (description: string) => void;
  readonly group: (title: string) => void;
  readonly figure: (measured: Measured) => void;
  readonly note: (text: string) => void;
  readonly failure: (ids: readonly string[], error: unknown) => void;
}

/** Measures what is wanted of these groups. A benchmark that fails is told of, and the others go on. */
export async function runGroups(
  groups: readonly Group[],
  { only, effort }: { readonly only: RegExp; readonly effort: Effort },
  listener: Listener,
): Promise<readonly MeasuredGroup[]> {
  const wanted = groups.flatMap(({ title, benchmarks }) => {
    const some = benchmarks.map((it) => ({ ...it, ids: it.ids.filter((id) => only.test(id)) }));
    const left = some.filter(({ ids }) => ids.length > 0);
    return left.length === 0 ? [] : [{ title, benchmarks: left }];
  });
  const all = wanted.flatMap((it): readonly Benchmark[] => it.benchmarks);
  const needed = new Set(all.flatMap(({ server }): readonly ServerName[] => (server ? [server] : [])));
  await using servers = await startServers(needed);
  for (const description of servers.descriptions) listener.server(description);

  const results: MeasuredGroup[] = [];
  for (const { title, benchmarks } of wanted) {
    const notes = new Set<string>();
    const measured: Measured[] = [];
    const note = (text: string): void => {
      if (notes.has(text)) return;
      notes.add(text);
      listener.note(text);
    };
    listener.group(title);
    for (const { ids, measure } of benchmarks) {
      try {
        for (const figure of await measure(ids, { servers, effort, note })) {
          measured.push(figure);
          listener.figure(figure);
        }
      } catch (error) {
        if (error instanceof NotInstalled) note(`${ids.join(', ')}: left out, ${error.message}`);
        else listener.failure(ids, error);
      }
    }
    results.push({ title, measured, notes: [...notes] });
  }
  return results;
}

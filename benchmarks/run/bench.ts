import { DEFAULT_EFFORT, type Effort } from '../measure/effort.ts';
import { writePage } from '../page/write-page.ts';
import { parseArguments } from './arguments.ts';
import { resultOf } from './bench-result.ts';
import type { Group } from './benchmark.ts';
import { cellsOf, HEADS } from './figures.ts';
import { describeMachine, thisMachine } from './machine.ts';
import { runGroups } from './run-groups.ts';

/** Where a run writes lines to. */
export interface Output {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * Measures, prints, and answers the exit code: 1 when something failed, 2 when the arguments are wrong or ask for nothing.
 * With `--json` the only thing on standard output is one JSON document; what cannot be in it goes to standard error.
 */
export async function bench(
  groups: readonly Group[],
  args: readonly string[],
  { out, err }: Output,
  least: Pick<Effort, 'rounds'> = DEFAULT_EFFORT,
): Promise<number> {
  let asked;
  try {
    asked = parseArguments(args);
  } catch (error) {
    err((error as Error).message);
    return 2;
  }
  const { json, page, only, budgetMs } = asked;
  if (!groups.some(({ benchmarks }) => benchmarks.some(({ ids }) => ids.some((id) => only.test(id))))) {
    err(`No id matches ${only.source}.`);
    return 2;
  }
  const say = json ? () => {} : out;
  const aside = json ? err : out;
  const machine = await thisMachine();
  for (const line of describeMachine(machine)) say(line);

  let failed = false;
  const servers: string[] = [];
  const measured = await runGroups(
    groups,
    { only, effort: { budgetMs, rounds: least.rounds } },
    {
      server(description) {
        servers.push(description);
        say(description);
      },
      group(title) {
        say(`\n${title}`);
        say(row(HEADS));
      },
      figure: (figure) => say(row(cellsOf(figure))),
      note: (text) => (text.includes('left out') ? aside : say)(`  ${text}`),
      failure(ids, error) {
        failed = true;
        err(`${ids.join(', ')} failed: ${error instanceof Error ? error.stack : String(error)}`);
      },
    },
  );
  const results = measured.flatMap((group) => group.measured.map(resultOf));
  if (json) out(JSON.stringify({ machine: { ...machine, servers }, results }, undefined, 2));
  if (page && !failed) {
    for (const file of await writePage({ machine, servers, groups: measured, when: new Date() })) say(`wrote ${file}`);
  }
  return failed ? 1 : 0;
}

function row([id, ...cells]: readonly string[]): string {
  return [(id ?? '').padEnd(26), ...cells.map((cell) => cell.padStart(36))].join('');
}

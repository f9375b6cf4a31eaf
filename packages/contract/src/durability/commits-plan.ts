import { commit, type Change, type RootFilesystem } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { nextTurn } from '../support/barrier.ts';
import { numbered } from '../support/batches.ts';
import { textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { deletes, puts } from '../support/commits.ts';

/** Commits that a process makes, one after the other, until it kills itself. Survives JSON. */
export interface CommitsPlan {
  readonly directory: string;
  /** How many entries each of them writes. */
  readonly entries: number;
  /** How long the bodies are, in bytes. */
  readonly bodyBytes: number;
  /** After how many commits it dies at the earliest. */
  readonly after: number;
  /** In which part of the next one it dies, from 0 to 1, by how long those before took. */
  readonly within: number;
}

/** What the commit of a number does: it writes it everywhere, and moves a name to it. */
export function commitOf({ directory, entries, bodyBytes }: CommitsPlan, number: number): Change[] {
  const body = `${number};`;
  const written = numbered(`${directory}/entries/`, entries).map((path) =>
    puts(path, body.repeat(Math.max(1, Math.floor(bodyBytes / body.length)))),
  );
  const moved = [puts(`${directory}/names/${number}`, body), deletes(`${directory}/names/${number - 1}`)];
  return [...written.slice(0, -1), ...moved, ...written.slice(-1)];
}

/** Makes the commits of a plan, acknowledges each of them, and dies in the midst of one. */
export async function commitUntilKilled(
  filesystem: RootFilesystem,
  plan: CommitsPlan,
  acknowledge: (message: unknown) => Promise<void>,
): Promise<never> {
  const start = clock.now();
  for (let number = 1; ; number += 1) {
    await commit(filesystem, commitOf(plan, number));
    const told = acknowledge(number);
    // A driver that never waits would not let the message out.
    await nextTurn();
    if (number !== plan.after) continue;
    await told;
    void dieAt(clock.now() + plan.within * ((clock.now() - start) / number));
  }
}

async function dieAt(moment: number): Promise<void> {
  while (clock.now() < moment) await nextTurn();
  process.kill(process.pid, 'SIGKILL');
}

/**
 * Checks that everything is as one commit left it, which is none before the one that was acknowledged last; gives its
 * number.
 */
export async function checkCommits(
  filesystem: RootFilesystem,
  plan: CommitsPlan,
  acknowledged: number,
): Promise<number> {
  const { directory, entries } = plan;
  // One page is of one moment, also where what a dead process has sent is still on its way.
  const there: string[] = [];
  for await (const entry of filesystem.entries(directory, { pageSize: 1000 })) {
    there.push(`${entry.path} ${textOf(entry)}`);
  }
  const number = Number(there.at(-1)?.split(' ')[1]?.replace(';', ''));
  check(number >= acknowledged, `what the acknowledged commit ${acknowledged} left, or a later one`);
  const expected = commitOf(plan, number).flatMap((change) =>
    change.put === undefined ? [] : [`${change.put} ${textOf(change.entry)}`],
  );
  checkEqual(there.length, entries + 1, 'the number of entries');
  for (const [index, text] of expected.toSorted().entries()) {
    check(
      there[index] === text,
      `all of commit ${number} after a crash, and nothing of another; there is ${there[index]?.slice(0, 80)}`,
    );
  }
  return number;
}

import { setTimeout as delay } from 'node:timers/promises';

/** How long a Docker engine may take to say that it is there, in milliseconds. */
const probeMs = 2_000;

let answer: Promise<boolean> | undefined;

/** Whether a Docker engine answers, as testcontainers looks for it. Asked once per process; takes two seconds at most. */
export function engineAnswers(): Promise<boolean> {
  answer ??= probe();
  return answer;
}

async function probe(): Promise<boolean> {
  // It takes most of a second to load, so only those load it who need it.
  const { getContainerRuntimeClient } = await import('testcontainers');
  const found = getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
  const patience = new AbortController();
  const tooLate = delay(probeMs, false, { signal: patience.signal }).catch(() => false);
  const answers = await Promise.race([found, tooLate]);
  patience.abort();
  return answers;
}

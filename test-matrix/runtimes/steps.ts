import { CasApply, casUpdate, isHoldfastError, jsonCodec, readRecord, type RootFilesystem } from '@holdfast/core';

const counter = jsonCodec<number>({ kind: 'counter' });
const WRITERS = 20;

/**
 * Takes a filesystem through its life: updates that race, entries, listings, refusals, deadlines, and its end. Needs
 * nothing but JavaScript, so that it runs wherever core does.
 *
 * @throws Error when anything is not as it should be
 */
export async function exercise(filesystem: RootFilesystem): Promise<void> {
  const isVersioned = filesystem.capabilitiesAt('/').cas === 'versioned';
  if (isVersioned) await update(filesystem);
  else
    equal(await refusal(casUpdate(filesystem, '/n', counter, () => CasApply.write(1))), 'CAS_UNSUPPORTED', 'an update');

  const body = Uint8Array.of(0, 1, 127, 128, 255);
  await filesystem.put('/d/ä', { body }, 'absent');
  equal(await refusal(filesystem.put('/d/ä', { body }, 'absent')), 'VERSION_MISMATCH', 'a second put');
  const found = await filesystem.get('/d/ä');
  equal(found && [...found.body], [...body], 'the body');
  equal((await filesystem.list('/d')).children, [{ name: 'ä', isEntry: true, isPrefix: false }], 'the children');
  const paths: string[] = [];
  for await (const { path } of filesystem.entries('/')) paths.push(path);
  equal(paths, isVersioned ? ['/d/ä', '/n'] : ['/d/ä'], 'the entries');
  equal(await filesystem.delete('/d/ä', 'any'), { deleted: true }, 'the deletion');
  equal(await refusal(filesystem.get('/n', { timeoutMs: 0 })), 'TIMEOUT', 'a call that is too late');
  equal(await refusal(filesystem.get('/n', { signal: AbortSignal.abort() })), 'ABORTED', 'a call that is called off');
  await filesystem.close();
  equal(await refusal(filesystem.get('/n')), 'CLOSED', 'a call after the end');
}

async function update(filesystem: RootFilesystem): Promise<void> {
  const add = () => casUpdate(filesystem, '/n', counter, (current = 0) => CasApply.write(current + 1));
  await Promise.all(Array.from({ length: WRITERS }, add));
  equal((await readRecord(filesystem, '/n', counter))?.value, WRITERS, 'the counter');
  const never = (): Promise<never> => new Promise(() => {});
  equal(
    await refusal(casUpdate(filesystem, '/n', counter, never, { timeoutMs: 20 })),
    'TIMEOUT',
    'an update that hangs',
  );
}

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
}

function equal(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`${what} should be ${wanted} and is ${got}`);
}

import { describe, expect, it } from 'vitest';
import { memory } from './memory.ts';
import { compareAnswers } from '../../src/model/compare-answers.ts';
import { compareBackends, type ComparisonEffort } from '../../src/model/compare-backends.ts';
import type { ComparedBackend } from '../../src/model/compared-backend.ts';
import { openByteOnly } from './planted/byte-only.ts';
import { CLAIM_BUGS, CLOSE_BUGS } from './planted/claims.ts';
import { COMMIT_BUGS } from './planted/commits.ts';
import { ENTRIES_BUGS, LIST_BUGS } from './planted/listings.ts';
import type { PlantedBug } from './planted/planted-bug.ts';
import { plant, plantDurable } from './planted/plant.ts';
import { replayFrom, type Replay } from '../../src/model/replay.ts';
import { READ_BUGS } from './planted/snapshots.ts';
import { DELETE_BUGS, PUT_BUGS } from './planted/writes.ts';

// Of some that find all of them, the one that finds them soonest.
const SEED = 5;
const effort: ComparisonEffort = { sequences: 200, operations: 40, timeLimitMs: 50_000 };

/** The report of a comparison that found something; empty when it did not. */
async function reportOn(backend: ComparedBackend, replay?: Replay, sequences = effort.sequences): Promise<string> {
  try {
    await compareBackends([memory, backend], { ...effort, sequences }, { seed: SEED, replay });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const GET = { operation: 'get("/a")', promise: 'a get answers what was put' };

const everyBug = [
  LIST_BUGS,
  ENTRIES_BUGS,
  PUT_BUGS,
  DELETE_BUGS,
  COMMIT_BUGS,
  READ_BUGS,
  CLAIM_BUGS,
  CLOSE_BUGS,
].flat();

/** The step at which a report says that the backends differ. */
function stepOf(report: string): string {
  return /planted differs from .* at step \d+: (?<step>.*)$/m.exec(report)?.groups?.['step'] ?? '';
}

describe('the comparison finds a backend that', () => {
  it.each(everyBug)('$mistake', async ({ backend, shownBy }) => {
    const report = await reportOn(backend);
    expect(stepOf(report)).toMatch(shownBy);
    expect(report).toMatch(/^ {2}planted answered: /m);
  });
});

it('a difference is run again, and at once, from what its report says', async () => {
  const [bug] = LIST_BUGS as [PlantedBug];
  const report = await reportOn(bug.backend);
  const [, json = ''] = /HOLDFAST_REPLAY='(.*)'$/.exec(report) ?? [];
  const again = await reportOn(bug.backend, replayFrom({ HOLDFAST_REPLAY: json }));
  expect(again).toContain('Found in sequence 1,');
  expect(stepOf(again)).toBe(stepOf(report));
});

it('refuses a replay that says nothing', () => {
  expect(() => replayFrom({ HOLDFAST_REPLAY: '{"path":"1"}' })).toThrow('HOLDFAST_REPLAY must be JSON with a "seed"');
});

it('names all that a backend differs from, and that its peers do not', () => {
  const right = ['good'];
  const answers = ['a', 'b', 'c'].map((id) => ({ id, given: id === 'b' ? 'bad' : 'good', right }));
  expect(() => compareAnswers(GET, 3, answers)).toThrow(
    'b differs from a, c at step 3: get("/a")\n  b answered: bad\n  a, c answered: good',
  );
});

it('finds two that give different answers where either is right', () => {
  const answers = ['one', 'two'].map((given) => ({ id: given, given, right: ['one', 'two'] }));
  expect(() => compareAnswers(GET, 1, answers)).toThrow('one differs from two');
});

it('says so when all differ from the model', () => {
  const answers = ['a', 'b'].map((id) => ({ id, given: 'bad', right: ['good'] }));
  expect(() => compareAnswers(GET, 1, answers)).toThrow('a differs from the model');
});

it('reports the difference, and not that the backend could not be closed after it', async () => {
  const missing = plant('planted', (good) => {
    let close = () => good.close();
    return {
      get: async () => undefined,
      put: (path, entry, expectation, options) => {
        close = () => Promise.reject(new Error('still busy'));
        return good.put(path, entry, expectation, options);
      },
      close: () => close(),
    };
  });
  const report = await reportOn(missing);
  expect(stepOf(report)).not.toBe('');
});

it('reports a backend that cannot be closed', async () => {
  const close = () => Promise.reject(new Error('still busy'));
  const busy = plant('planted', () => ({ close, [Symbol.asyncDispose]: close }));
  expect(await reportOn(busy)).toContain('still busy');
});

it('fails when its time is up before all sequences have run', async () => {
  const endless: ComparisonEffort = { sequences: 1_000_000, operations: 10, timeLimitMs: 100 };
  await expect(compareBackends([memory], endless)).rejects.toThrow(
    /there was time for \d+, in which nothing was wrong/,
  );
});

describe('the comparison accuses nobody when', () => {
  it.each([
    ['memory is behind a wrapper', plant('wrapped', () => ({}))],
    ['a backend takes bytes only', plant('bytes', () => ({}), openByteOnly)],
    ['a backend is reopened', plantDurable('durable', async () => {})],
  ])('%s', async (_when, backend) => {
    expect(await reportOn(backend, undefined, 50)).toBe('');
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import type { CasContext } from '../src/cas/cas-result.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { RecordCodec } from '../src/codecs/record-codec.ts';
import { HoldfastError, isHoldfastError } from '../src/errors/holdfast-error.ts';
import { mintVersion } from '../src/versions/version.ts';
import { bytes } from './support/bytes.ts';
import { linearOrder, MISFIT, type HistoryEvent, type State } from './support/linear-history.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { Shuffler } from './support/shuffler.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

type Log = readonly string[];
const log = jsonCodec<Log>({ kind: 'log' });
/** Another codec of the same record, as another caller may have: the value is a text, and may be decoded later. */
const text: RecordCodec<Log> = {
  encode: (value) => log.encode(value),
  decode: async (stored) => await log.decode(stored),
};

const KINDS = ['write', 'again', 'noOp', 'throw', 'delete', 'slow', 'hang', 'abort', 'encode', 'decode'] as const;
type Kind = (typeof KINDS)[number];

interface Plan {
  readonly kind: Kind;
  readonly hint: 'none' | 'absent' | 'stale';
  /** How many turns it waits before it begins. */
  readonly later: number;
}

const plans = fc.array(
  fc.record<Plan>({
    kind: fc.constantFrom<Kind>('write', 'write', ...KINDS),
    hint: fc.constantFrom('none', 'none', 'none', 'absent', 'stale'),
    later: fc.constantFrom(0, 0, 0, 1, 4),
  }),
  { minLength: 2, maxLength: 7 },
);
const draws = fc.array(fc.nat(100), { minLength: 20, maxLength: 60 });
const troubles = fc.record({ conflicts: fc.integer({ min: 0, max: 2 }), cuts: fc.boolean() });

const stateOf = (value: Log | undefined): State => (value === undefined ? undefined : JSON.stringify(value));
const listOf = (state: State): Log => (state === undefined ? [] : (JSON.parse(state) as Log));

class Thrown extends Error {
  readonly saw: State;
  constructor(saw: State) {
    super('mine');
    this.saw = saw;
  }
}

/** Everything that one run saw: events to be put in order, and which states each version has, of which there must be one. */
class Seen {
  readonly events: HistoryEvent[] = [];
  readonly states = new Map<string | undefined, Set<State>>([[undefined, new Set([undefined])]]);
  #now = 0;

  tick(): number {
    return (this.#now += 1);
  }

  version(version: string | undefined, state: State): void {
    const states = this.states.get(version) ?? new Set();
    this.states.set(version, states.add(state));
  }
}

async function update(
  plan: Plan,
  name: string,
  on: { filesystem: MapFilesystem; seen: Seen; shuffler: Shuffler; released: AbortSignal },
) {
  const { filesystem, seen, shuffler, released } = on;
  const { kind, hint } = plan;
  const giveUp = new AbortController();
  if (kind === 'abort') void shuffler.turn().then(() => giveUp.abort());
  if (kind === 'hang' && released.aborted) giveUp.abort();
  if (kind === 'hang') released.addEventListener('abort', () => giveUp.abort());
  const broken = new HoldfastError('RECORD_INVALID', `${kind} failed`);
  const codec = {
    encode: (value: Log) => (kind === 'encode' ? Promise.reject(broken) : log.encode(value)),
    decode: (stored: Parameters<typeof log.decode>[0]) => {
      if (kind === 'decode') throw broken;
      return name.length % 2 === 0 ? text.decode(stored) : log.decode(stored);
    },
  };
  let saw: State;
  const apply = async (current: Log | undefined, { version }: CasContext): Promise<CasApply<Log, State>> => {
    saw = stateOf(current);
    seen.version(version, saw);
    if (kind === 'slow') await shuffler.turn();
    if (kind === 'hang') await new Promise(() => {});
    if (kind === 'throw') throw new Thrown(saw);
    if (kind === 'noOp') return CasApply.noOp(saw);
    if (kind === 'delete') return CasApply.delete(saw);
    if (kind === 'again') return CasApply.write(current ?? [name], saw);
    return CasApply.write([...(current ?? []), name], saw);
  };
  const given =
    hint === 'none'
      ? undefined
      : hint === 'absent'
        ? { snapshot: undefined, version: undefined }
        : { snapshot: ['never'], version: mintVersion() };
  const hinted = given?.version;
  if (hinted !== undefined) seen.version(hinted, stateOf(['never']));
  const start = seen.tick();
  const step = (found: State): State | typeof MISFIT => {
    if (kind === 'delete') return undefined;
    return JSON.stringify([...listOf(found), name]);
  };
  try {
    const result = await casUpdate(filesystem, '/log', codec, apply, {
      maxAttempts: 10_000,
      backoffMinMs: 0,
      timeoutMs: 60_000,
      signal: giveUp.signal,
      hint: given,
    });
    const end = seen.tick();
    const { outcome, snapshot, version, written } = result;
    const left = stateOf(snapshot);
    seen.version(version, left);
    // Its outcome is what it decided on, and its snapshot what came of that: of a delete it may be a later record.
    const own = (found: State): State | typeof MISFIT => {
      if (found !== outcome) return MISFIT;
      if (!written) return left === found ? found : MISFIT;
      if (kind === 'delete') return undefined;
      return left === JSON.stringify([...listOf(found), name]) ? left : MISFIT;
    };
    seen.events.push({ name: `${name} ${kind}`, start, end, step: own });
  } catch (error) {
    const end = seen.tick();
    if (error instanceof Thrown) {
      seen.events.push({ name: `${name} throws`, start, end, step: (found) => (found === error.saw ? found : MISFIT) });
      return;
    }
    if (!isHoldfastError(error)) throw error;
    expect(['RECORD_INVALID', 'ABORTED', 'OUTCOME_UNKNOWN']).toContain(error.code);
    if (error.code === 'RECORD_INVALID') {
      expect(error.outcome).toBe('not-applied');
      expect(['encode', 'decode']).toContain(kind);
      // Something was there to be decoded.
      const fits = (found: State): State | typeof MISFIT => (kind === 'decode' && found === undefined ? MISFIT : found);
      seen.events.push({ name: `${name} fails`, start, end, step: fits });
    } else if (error.outcome === 'unknown') {
      seen.events.push({ name: `${name} perhaps`, start, end: Infinity, isUnknown: true, step });
    }
  }
}

async function runAll(
  all: readonly Plan[],
  drawn: readonly number[],
  { conflicts, cuts }: { conflicts: number; cuts: boolean },
) {
  const filesystem = new MapFilesystem({ ...(new MapFilesystem().claims as object), maxBodyBytes: 10_000 });
  const shuffler = new Shuffler(drawn);
  const seen = new Seen();
  const cut = (): void => {
    if (cuts && shuffler.draw() % 7 === 0) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
  };
  for (const call of ['_get', '_put', '_delete'] as const) {
    filesystem.before(call, async () => {
      await shuffler.turn();
      if (call !== '_get') cut();
    });
    filesystem.after(call, async () => {
      for (const { version, body } of filesystem.stored.values()) seen.version(version, new TextDecoder().decode(body));
      await shuffler.turn();
      if (call !== '_get') cut();
    });
  }
  const hung = new AbortController();
  const others = Array.from({ length: conflicts }, async (_, number) => {
    for (let turns = 0; turns <= number * 3; turns += 1) await shuffler.turn();
    const left = JSON.stringify([`theirs ${number}`]);
    const [start, version] = [seen.tick(), mintVersion()];
    filesystem.stored.set('/log', { ...(await log.encode([])), body: bytes(left), path: '/log', version } as never);
    seen.version(version, left);
    seen.events.push({ name: left, start, end: seen.tick(), step: () => left });
  });
  const updates = all.map(async (plan, number) => {
    for (let turns = 0; turns < plan.later; turns += 1) await shuffler.turn();
    await update(plan, `${'x'.repeat(number % 2)}${number}`, { filesystem, seen, shuffler, released: hung.signal });
  });
  // Those that hang are released when all others are done, which therefore wait for none of them.
  const patient = updates.filter((_, number) => all[number]?.kind !== 'hang');
  await shuffler.run(Promise.all([...patient, ...others]));
  hung.abort();
  await shuffler.run(Promise.all(updates));
  const stored = filesystem.stored.get('/log')?.body;
  return { seen, stored: stored && new TextDecoder().decode(stored) };
}

test('whatever updates of one record do at the same time, they can be put in one order, each on what those before left', async () => {
  await fc.assert(
    fc.asyncProperty(plans, draws, troubles, async (all, drawn, trouble) => {
      const { seen, stored } = await runAll(all, drawn, trouble);
      expect(linearOrder(seen.events, stored)).toBeDefined();
      expect([...seen.states].filter(([, states]) => states.size > 1)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

import { randomBytes } from 'node:crypto';
import { openPostgres } from '@holdfast/postgres';
import pg from 'pg';
import type { Calls, Failure, Failures } from '../machine/calls.ts';
import type { Store } from '../machine/stage.ts';
import { CANARY } from '../machine/trial.ts';

/** How many connections each pool has: fewer than there are calls in a batch, so that one that is lost is missed. */
const CONNECTIONS = 2;

/** How long what was given back may take to be idle again, in milliseconds. */
const SETTLED_MS = 3000;

type Socketed = pg.Client & { readonly connection?: { readonly stream?: { destroy(): unknown } } };

/** Every client that is connected, of every pool under faults. */
const clients = new Set<pg.Client>();

function refusal(state: string): Failure {
  const make = (): unknown => {
    const error = new pg.DatabaseError(`it says ${CANARY}`, 1, 'error');
    return Object.assign(error, { severity: 'ERROR', code: state, detail: CANARY });
  };
  return { make };
}

/** What a driver tells when its socket is gone, which it is by then. */
function loss(of: Socketed, make: () => unknown): Failure {
  return { make, also: () => void of.connection?.stream?.destroy() };
}

function network(code: string): Error {
  return Object.assign(new Error(`${code} ${CANARY}:5432`), { code, errno: -104, syscall: 'read' });
}

function shutdown(): unknown {
  return Object.assign(new pg.DatabaseError(CANARY, 1, 'error'), { severity: 'FATAL', code: '57P01' });
}

function queriesOn(client: Socketed): Failures {
  const lost = [
    loss(client, () => network('ECONNRESET')),
    loss(client, () => new Error(`Connection terminated unexpectedly by ${CANARY}`)),
    loss(client, shutdown),
  ];
  const states = ['40001', '40P01', '53100', '57014', '42P01', '26000', 'XX000', '25006', '23505'];
  return {
    before: [...lost, ...states.map(refusal)],
    after: [...lost, { make: () => new Error('Query read timeout') }],
  };
}

const REFUSED_CONNECTIONS: readonly Failure[] = [
  { make: () => network('ECONNREFUSED') },
  { make: () => new Error('timeout exceeded when trying to connect') },
  refusal('53300'),
  refusal('57P03'),
];

const CHECKOUTS: Failures = { before: REFUSED_CONNECTIONS, after: [] };

/** A client that cannot connect has ended, and says so. */
function connectsOf(client: pg.Client): Failures {
  return { before: REFUSED_CONNECTIONS.map(({ make }) => ({ make, also: () => client.emit('end') })), after: [] };
}

/** What comes out of giving a client back is thrown by whoever is handed the next: somebody else's code. */
const RELEASES: Failures = {
  before: [],
  after: [{ make: () => new Error(`a listener of the application, ${CANARY}`) }],
};

type Query = (...sent: readonly unknown[]) => Promise<unknown>;
type Connect = (heard?: (error?: Error) => void) => Promise<void> | undefined;

/** A class of clients whose calls go through the faults. */
function faultyClient(calls: Calls): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const query = this.query.bind(this) as unknown as Query;
      const connect = this.connect.bind(this) as unknown as Connect;
      const faulty = {
        query: (...sent: readonly unknown[]) => {
          const { text } = sent[0] as { readonly text: string };
          return calls.later(`query ${text.trim().slice(0, 16)}`, () => query(...sent), queriesOn(this));
        },
        connect: (heard?: (error?: Error) => void) => {
          const connecting = calls.later('connect', async () => connect(), connectsOf(this));
          clients.add(this);
          if (heard === undefined) return connecting;
          // As the driver calls back: outside of any promise, so that what is thrown there is nobody's rejection.
          connecting.then(
            () => process.nextTick(heard),
            (error: unknown) => process.nextTick(heard, error as Error),
          );
          return undefined;
        },
      };
      Object.assign(this, faulty);
      this.once('end', () => clients.delete(this));
    }
  };
}

type Checkout = (error: Error | undefined, client: pg.PoolClient | undefined, done: unknown) => void;

/** A pool of the application whose calls go through the faults, those that give a client back as well. */
function faultyPool(config: pg.PoolConfig, calls: Calls): pg.Pool {
  const pool = new pg.Pool({ ...config, Client: faultyClient(calls), max: CONNECTIONS });
  const connect = pool.connect.bind(pool) as (heard: Checkout) => void;
  const faulty = (heard: Checkout): void => {
    const checkOut = (): void =>
      connect((error, client, done) => {
        if (client !== undefined) {
          const release = client.release.bind(client);
          client.release = (destroy) => calls.now('release', () => release(destroy), RELEASES);
        }
        heard(error, client, done);
      });
    try {
      calls.now('pool.connect', checkOut, CHECKOUTS);
    } catch (error) {
      process.nextTick(heard, error, undefined);
    }
  };
  Object.assign(pool, { connect: faulty });
  return pool;
}

/** Two instances on one schema: on a pool of the application, and on one of its own. */
export async function postgresStore(calls: Calls): Promise<Store> {
  const connectionString = process.env['HOLDFAST_POSTGRES_URL'];
  if (connectionString === undefined)
    throw new Error('HOLDFAST_POSTGRES_URL is not set: run the tests with `npm test`');
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const config = { connectionString, application_name: schema };
  const pool = faultyPool(config, calls);
  const given = () => openPostgres({ pool, schema, checkoutTimeoutMs: 2000 });
  const reader = await openPostgres({ config: { connectionString, max: 1 }, schema });
  const own = { ...config, Client: faultyClient(calls), max: CONNECTIONS };
  const instances = [await given(), await openPostgres({ config: own, schema, checkoutTimeoutMs: 2000 })] as const;
  const watcher = new pg.Client({ connectionString });
  await watcher.connect();
  const unsettled = async (): Promise<string[]> => {
    const found: string[] = [];
    const { totalCount, idleCount, waitingCount } = pool;
    if (totalCount !== idleCount || waitingCount > 0) found.push(`of ${totalCount} clients ${idleCount} are idle`);
    const listeners = Math.max(0, ...[...clients].map((client) => client.listenerCount('error')));
    if (listeners > 3) found.push(`a client has ${listeners} listeners`);
    const { rows } = await watcher.query<{ state: string }>(
      `select state from pg_stat_activity where application_name = '${schema}' and state <> 'idle'`,
    );
    return [...found, ...rows.map(({ state }) => `a connection is ${state}`)];
  };
  return {
    instances,
    reader,
    open: given,
    async leaks() {
      const until = performance.now() + SETTLED_MS;
      let found = await unsettled();
      while (found.length > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        found = await unsettled();
      }
      return found;
    },
    async close() {
      await Promise.all([...instances, reader].map((it) => it.close()));
      await pool.end();
      await watcher.query(`drop schema ${schema} cascade`);
      await watcher.end();
    },
  };
}

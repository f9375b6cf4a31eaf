// Provokes errors of every kind and says how each shows itself, with passwords in every place that can hold one.
import { inspect } from 'node:util';
import pg from 'pg';
import { openPostgres, type PostgresOptions } from '../../src/index.ts';

const [connectionString = '', schema = ''] = process.argv.slice(2);
const { password } = new URL(connectionString);
const secrets = ['canary-7f3a', password, encodeURIComponent(password)];
const shown: string[] = [];

function show(value: unknown): void {
  const options = { depth: 20, showHidden: false };
  shown.push(inspect(value, options), String(value), JSON.stringify(value) ?? '');
  if (value instanceof Error) shown.push(value.message, value.stack ?? '');
  // As loggers do.
  if (value instanceof Error && value.cause !== undefined) show(value.cause);
}

async function showRejection(work: () => Promise<unknown>): Promise<void> {
  try {
    show(await work());
  } catch (error) {
    show(error);
  }
}

const url = new URL(connectionString);
url.password = 'canary-7f3a';
const { host } = url;
const without = new URL(connectionString);
without.password = '';
const bad: PostgresOptions[] = [
  { config: { connectionString: without.href, options: '-c canary-7f3a=1' } },
  { config: { connectionString, options: '-c canary_7f3a=canary-7f3a' } },
  { config: { connectionString: `postgres://u:canary-7f3a@${host}/canary-7f3a%b` } },
  { config: { connectionString: `${url.href}?sslrootcert=/canary-7f3a.pem` } },
  { config: { connectionString: 'postgres://u:canary-7f3a@canary-7f3a.invalid/d' } },
  { config: { host: '/canary-7f3a', user: 'u' } },
  { config: { host, user: 'u', password: { secret: 'canary-7f3a' } } } as unknown as PostgresOptions,
  {
    config: {
      connectionString,
      password: () => {
        throw new Error('canary-7f3a');
      },
    },
  },
  { config: { max: 1 }, 'canary-7f3a': 1 } as unknown as PostgresOptions,
  { config: { connectionString: url.href } },
  { config: { connectionString: `postgres://u:canary-7f3a@127.0.0.1:1/d` } },
  { config: { connectionString: `postgres://u:canary-7f3a@[bad/d` } },
  { config: { connectionString: `canary-7f3a` } },
  { config: { connectionString: `postgres://u:canary-7f3a@${host}/canary-7f3a` } },
  { config: { connectionString: url.href, ssl: true } },
  { config: { host: '127.0.0.1', port: 1, user: 'u', password: 'canary-7f3a' } },
  {
    config: { connectionString: url.href },
    pool: new pg.Pool({ connectionString: url.href }),
  } as unknown as PostgresOptions,
  { config: { password: 'canary-7f3a' }, schema: 'canary-7f3a"' },
  { config: { password: 'canary-7f3a' }, unknown: 'canary-7f3a' } as unknown as PostgresOptions,
];
for (const options of bad) await showRejection(() => openPostgres(options));

const store = await openPostgres({ config: { connectionString }, schema });
show(store);
const body = new TextEncoder().encode('canary-7f3a');
const { version } = await store.put('/a', { body }, 'any');
await showRejection(() => store.put('/a', { body }, 'absent'));
const ender = new pg.Pool({ connectionString });
const drop = `drop schema ${schema} cascade`;
await ender.query(drop);
await ender.end();
await showRejection(() => store.put('/a', { body }, { version }));
await showRejection(() => store.get('/a'));
await store.close();
await showRejection(() => store.get('/a'));
process.stdout.write(JSON.stringify({ shown, secrets }));

// Opens two stores and writes an entry with each. Of a server that is silent by then, one of them is closed; the other one
// is left open, idle and with a connection in the making for which nobody waits. Nothing else keeps this process alive.
import { sayAndWait } from '@holdfast/test-support';
import { openPostgres } from '../../src/index.ts';

const [connectionString = '', schema = ''] = process.argv.slice(2);

await sayAndWait('ready');
const open = () => openPostgres({ config: { connectionString, idleTimeoutMillis: 0 }, schema });
const [closed, left] = [await open(), await open()];
await Promise.all(['/a', '/b'].map((path) => left.put(path, { body: new Uint8Array(1) }, 'any')));
await closed.put('/c', { body: new Uint8Array(1) }, 'absent');
await sayAndWait('written');
const given = { timeoutMs: 20 };
// One connection is lost, one stays idle, and one is begun.
await Promise.allSettled([left.get('/a', given), left.get('/b', given), left.get('/c', given)]);
await closed.close();

// Opens a store, writes an entry and closes the store. Nothing else keeps this process alive.
import { sayAndWait } from '@holdfast/test-support';
import { openPostgres } from '../../src/index.ts';

const [connectionString = '', schema = ''] = process.argv.slice(2);

await sayAndWait('ready');
const store = await openPostgres({ config: { connectionString, idleTimeoutMillis: 0 }, schema });
await store.put('/a', { body: new Uint8Array(1) }, 'absent');
await sayAndWait('written');
await store.close();

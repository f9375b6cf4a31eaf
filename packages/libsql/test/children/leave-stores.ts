// Opens two stores over HTTP. Of a server that is silent by then, one of them is closed; the other one is left open, idle
// and with requests that were given up. Nothing else keeps this process alive.
import { sayAndWait } from '@holdfast/test-support';
import { openLibsql } from '../../src/index.ts';

const [url = '', authToken = '', tablePrefix = ''] = process.argv.slice(2);

await sayAndWait('ready');
const open = () => openLibsql({ config: { url, authToken }, tablePrefix });
const [closed, left] = [await open(), await open()];
await Promise.all(['/a', '/b', '/c'].map((path) => left.get(path)));
await closed.put('/c', { body: new Uint8Array(1) }, 'absent');
await sayAndWait('written');
const given = { timeoutMs: 20 };
await Promise.allSettled([left.get('/a', given), left.put('/b', { body: new Uint8Array(1) }, 'absent', given)]);
await closed.close();

// Opens the same new schema as others do at the same moment, and writes one entry.
import { isHoldfastError } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { openPostgres } from '../../src/index.ts';

const [connectionString = '', schema = ''] = process.argv.slice(2);

async function openAndWrite(): Promise<string> {
  try {
    await using store = await openPostgres({ config: { connectionString }, schema });
    await store.put(`/opened/${process.pid}`, { body: new Uint8Array(1) }, 'absent');
    return 'written';
  } catch (error) {
    return isHoldfastError(error) ? `${error.code} ${error.message} ${String(error.rawCause())}` : String(error);
  }
}

await sayAndWait('ready');
await say(await openAndWrite());
process.disconnect();

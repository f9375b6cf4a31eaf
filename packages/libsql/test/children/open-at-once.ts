// Opens the same new store as others do at the same moment, and writes one entry.
import { isHoldfastError } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { openLibsql, type LibsqlOptions } from '../../src/index.ts';

const [options = ''] = process.argv.slice(2);

async function openAndWrite(): Promise<string> {
  try {
    await using store = await openLibsql(JSON.parse(options) as LibsqlOptions);
    await store.put(`/opened/${process.pid}`, { body: new Uint8Array(1) }, 'absent');
    return 'written';
  } catch (error) {
    return isHoldfastError(error) ? `${error.code} ${error.message}` : String(error);
  }
}

await sayAndWait('ready');
await say(await openAndWrite());
process.disconnect();

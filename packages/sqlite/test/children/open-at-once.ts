// Opens the same new file as others do at the same moment, and writes one entry.
import { isHoldfastError } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { openSqlite } from '../../src/index.ts';

const [file = ''] = process.argv.slice(2);

async function openAndWrite(): Promise<string> {
  try {
    await using store = await openSqlite({ file });
    await store.put(`/opened/${process.pid}`, { body: new Uint8Array(1) }, 'absent');
    return 'written';
  } catch (error) {
    return isHoldfastError(error) ? `${error.code} ${error.message}` : String(error);
  }
}

await sayAndWait('ready');
await say(await openAndWrite());
process.disconnect();

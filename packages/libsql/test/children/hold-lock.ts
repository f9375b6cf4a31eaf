// Holds the write lock of a database until it is told to let go.
import { createClient } from '@libsql/client';
import { say, sayAndWait } from '@holdfast/test-support';

const [file = '', ...statements] = process.argv.slice(2);
const client = createClient({ url: `file:${file}` });
const transaction = await client.transaction('write');
await sayAndWait('holding');
for (const statement of statements) await transaction.execute(statement);
await transaction.commit();
await say('let go');
process.disconnect();

// Holds the write lock of a database until it is told to let go. Statements it is given run before that.
import { say, sayAndWait } from '@holdfast/test-support';
import { loadDriver } from '../../src/load-driver.ts';

const [file = '', ...statements] = process.argv.slice(2);
const Database = await loadDriver();
const database = new Database(file);
database.prepare('begin immediate').run();
await sayAndWait('holding');
for (const statement of statements) database.prepare(statement).run();
database.prepare('commit').run();
await say('let go');
process.disconnect();

import { setTimeout } from 'node:timers/promises';
import { sayAndWait } from '@holdfast/test-support';
import Database from 'better-sqlite3';

// Each time it is told to, this process takes the write lock of a file, says so, and keeps it for so many milliseconds.
const [file = '', milliseconds] = process.argv.slice(2);
const database = new Database(file);
await sayAndWait('ready');
for (;;) {
  database.exec('begin immediate');
  const told = sayAndWait('locked');
  await setTimeout(Number(milliseconds));
  database.exec('rollback');
  await told;
}

// The thread that writes, with a driver whose commits do what the test says.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { SqliteDatabase } from '../../src/index.ts';
import { AFTER, BEFORE, EXITS, FAULT, GATE, THROWS, WAITS, type FaultyStart } from './faults.ts';

const { driver, faults } = workerData as FaultyStart;
const { prototype } = createRequire(driver)(driver) as { readonly prototype: SqliteDatabase };
const { prepare } = prototype;

prototype.prepare = function (this: SqliteDatabase, text) {
  const statement = prepare.call(this, text);
  if (text !== 'commit') return statement;
  const run = statement.run.bind(statement);
  return Object.assign(statement, {
    run: () => {
      const fault = faults[FAULT];
      // Each is for one commit.
      if (fault !== WAITS) faults[FAULT] = 0;
      if (fault === EXITS + BEFORE) process.exit();
      if (fault === THROWS + BEFORE) throw new Error('a failure of the driver that is not known');
      while (faults[GATE] === 0 && faults[FAULT] === WAITS) Atomics.wait(faults, GATE, 0, 1000);
      const result = run();
      if (fault === EXITS + AFTER) process.exit();
      if (fault === THROWS + AFTER) throw new Error('a failure of the driver that is not known');
      return result;
    },
  });
};

await import('../../src/write-thread.ts');

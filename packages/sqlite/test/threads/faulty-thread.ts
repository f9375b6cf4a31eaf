// The thread that writes, with a driver whose transactions do what the test says.
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { SqliteDatabase } from '../../src/index.ts';
import {
  AFTER,
  BEFORE,
  EXITS,
  FAULT,
  GATE,
  THROWS,
  WAITING,
  WAITS,
  WAITS_TO_BEGIN,
  type FaultyStart,
} from './faults.ts';

const { driver, faults } = workerData as FaultyStart;
const { prototype } = createRequire(driver)(driver) as { readonly prototype: SqliteDatabase };
const { prepare } = prototype;

function waitWhile(fault: number): void {
  if (faults[FAULT] !== fault) return;
  Atomics.store(faults, WAITING, 1);
  Atomics.notify(faults, WAITING);
  Atomics.wait(faults, GATE, 0);
}

prototype.prepare = function (this: SqliteDatabase, text) {
  const statement = prepare.call(this, text);
  const run = statement.run.bind(statement);
  if (text === 'begin immediate') {
    return Object.assign(statement, {
      run: () => {
        waitWhile(WAITS_TO_BEGIN);
        return run();
      },
    });
  }
  if (text !== 'commit') return statement;
  return Object.assign(statement, {
    run: () => {
      const fault = faults[FAULT];
      // Each is for one commit.
      if (fault !== WAITS) faults[FAULT] = 0;
      waitWhile(WAITS);
      if (fault === EXITS + BEFORE) process.exit();
      if (fault === THROWS + BEFORE) throw new Error('a failure of the driver that is not known');
      const result = run();
      if (fault === EXITS + AFTER) process.exit();
      if (fault === THROWS + AFTER) throw new Error('a failure of the driver that is not known');
      return result;
    },
  });
};

await import('../../src/write-thread.ts');

import {
  checkMember,
  createStatements,
  deleteMember,
  migrate,
  migrationKysely,
  nameTables,
  NO_DEADLINE,
  postgresProfile,
  putMember,
  type GroupMember,
} from '@holdfast/sql';
import { GroupPort } from '@holdfast/test-support';
import { Checkouts } from '../../src/checkouts.ts';
import { PostgresDriver } from '../../src/driver.ts';
import { PostgresMigrationConnection } from '../../src/migration-connection.ts';
import { makeNotingPool } from './noting-pool.ts';
import type { ScratchSchema } from './scratch-schema.ts';

/** A driver on a pool of its own, and the texts that were sent on it. */
export interface OpenedPort extends AsyncDisposable {
  readonly port: GroupPort<GroupMember>;
  readonly texts: string[];
}

/** Opens a driver. Its connections have the name of the schema; `options` are settings of the server for them. */
export async function openGroupPort(
  { connectionString, schema, name }: Pick<ScratchSchema, 'connectionString' | 'schema' | 'name'>,
  options?: string,
): Promise<OpenedPort> {
  const { pool, texts } = makeNotingPool({
    connectionString,
    application_name: name,
    ...(options === undefined ? {} : { options }),
  });
  const tables = nameTables({ schema }, postgresProfile);
  const checkouts = new Checkouts({ pool, timeoutMs: 20_000 });
  await checkouts.run(NO_DEADLINE, async (lease) => {
    const db = migrationKysely(postgresProfile, new PostgresMigrationConnection(lease));
    await migrate({ db, profile: postgresProfile, tables, mode: 'auto' });
  });
  const driver = new PostgresDriver({ checkouts, ownPool: undefined, preparedStatements: true, tables });
  const statements = createStatements(postgresProfile, tables);
  const port = new GroupPort<GroupMember>({ driver, statements, putMember, deleteMember, checkMember }, NO_DEADLINE);
  return {
    port,
    texts,
    async [Symbol.asyncDispose]() {
      await port.close();
      await pool.end();
    },
  };
}

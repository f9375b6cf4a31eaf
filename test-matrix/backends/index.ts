import type { Backend } from './backend.ts';
import { libsqlFile, libsqlRemote, libsqlReplica } from './libsql.ts';
import { localDisk, memory, sqliteFile, sqliteMemory } from './local.ts';
import { postgres } from './postgres.ts';

export type { Backend } from './backend.ts';

/** Every backend of the matrix, in the order of its reports. */
export const BACKENDS: readonly Backend[] = [
  memory,
  sqliteFile,
  sqliteMemory,
  libsqlFile,
  libsqlRemote,
  libsqlReplica,
  postgres,
  localDisk,
];

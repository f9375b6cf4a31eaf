export type { Batch, WriteContext } from './batches/batch.ts';
export type { BatchLimits } from './batches/batch-limits.ts';
export { BatchingDriver } from './batches/batching-driver.ts';
export { commitLimits } from './commit-limits.ts';
export { versionIn, type GetStatement, type SqlDriver, type SqlRow } from './driver.ts';
export {
  isOnlyChecks,
  onlyWriteOf,
  resultOfChecks,
  resultOfOne,
  type ConditionalWrite,
  type GroupMember,
  type GroupResult,
  type PathCheck,
  type VersionCheck,
  type WriteGroup,
} from './group.ts';
export { checkMember, deleteMember, putMember } from './group-members.ts';
export { driverError, isDriverDenied, type DriverPackage } from './driver-error.ts';
export { DEFAULT_POSTGRES_SCHEMA, postgresProfile } from './postgres/postgres-profile.ts';
export { eventLoopTurns } from './event-loop.ts';
export { Lane } from './lane.ts';
export { NO_DEADLINE } from './no-deadline.ts';
export { OpenDeadline } from './open-deadline.ts';
export type { SqlProfile } from './profile.ts';
export { checkSchema, migrate, parseMigrateMode, type MigrateMode, type MigrateOptions } from './schema/migrate.ts';
export { migrationKysely, type MigrationConnection } from './schema/migration-connection.ts';
export { DEFAULT_TABLE_PREFIX, nameTables, type Tables } from './schema/tables.ts';
export { decodeText } from './rows/text.ts';
export { tlsFailure } from './tls-failure.ts';
export { SqlFilesystem, type SqlFilesystemParts } from './sql-filesystem.ts';
export { checkWritable } from './sqlite/check-writable.ts';
export { RESULT_CODES, type ResultCodeVerdict } from './sqlite/result-code-table.ts';
export { isMissingTableMessage, sqliteVerdict } from './sqlite/result-codes.ts';
export {
  groupStatements,
  type BoundText,
  type GroupStatements,
  type StatementResult,
} from './sqlite/group-statements.ts';
export { getsStatement, type GetsStatement } from './sqlite/gets-statement.ts';
export { unopenedFile } from './sqlite/unopened-file.ts';
export { fragileSqliteProfile, sqliteProfile } from './sqlite/sqlite-profile.ts';
export type { SqlParameters, SqlQuery, SqlStatement, SqlValue } from './statements/statement.ts';
export { createStatements, type Statements } from './statements/statements.ts';
export { FileWatch, type LocksToLookAt } from './sqlite/watch/file-watch.ts';

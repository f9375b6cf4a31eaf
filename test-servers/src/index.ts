export { ServerError } from './server-error.ts';
export type { LibsqlServer, Restartable, Server, ServerOptions, Source } from './server.ts';
export { startLibsqlServer } from './start-libsql-server.ts';
export { startPostgres } from './start-postgres.ts';

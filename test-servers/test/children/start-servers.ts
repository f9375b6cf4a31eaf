// A program: starts both servers from the source it is given, tells its parent where they are, and stays until it is
// killed.

import { startLibsqlServer, startPostgres, type Source } from '../../src/index.ts';

const only = process.argv[2] as Source;
const [postgres, libsql] = await Promise.all([startPostgres({ only }), startLibsqlServer({ only })]);
// Listening is what keeps it running.
process.on('message', () => {});
process.send?.({ postgres: postgres.url, libsql: libsql.url });

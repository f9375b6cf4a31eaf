// A program: prints the two lines of shell that docker-compose.yml and the tests need for a libSQL server, with a
// new key each time. See docker-compose.yml.

import { makeLibsqlKey } from './libsql/key.ts';

const { publicKey, authToken } = makeLibsqlKey();
process.stdout.write(`export HOLDFAST_LIBSQL_JWT_KEY=${publicKey}\nexport HOLDFAST_LIBSQL_AUTH_TOKEN=${authToken}\n`);

import { libsqlReplica } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

// Everything goes to the server, in the same way as in `libsql-remote.test.ts`. Full effort is for `npm run matrix`.
defineMatrix(libsqlReplica, 'quick');

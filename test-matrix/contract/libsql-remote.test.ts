import { libsqlRemote } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

// A libSQL server makes about 200 updates of one key a second: storms at full effort are for `npm run matrix`.
defineMatrix(libsqlRemote, 'quick');

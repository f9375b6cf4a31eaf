import { libsqlReplica } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(libsqlReplica);

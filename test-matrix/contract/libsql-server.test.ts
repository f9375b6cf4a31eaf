import { libsqlRemote } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(libsqlRemote);

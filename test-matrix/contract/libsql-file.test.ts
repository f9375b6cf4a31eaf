import { libsqlFile } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(libsqlFile);

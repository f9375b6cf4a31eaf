import { postgres } from '../backends/postgres.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(postgres);

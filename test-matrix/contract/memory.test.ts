import { memory } from '../backends/local.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(memory);

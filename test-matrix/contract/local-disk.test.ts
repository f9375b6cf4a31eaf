import { localDisk } from '../backends/local.ts';
import { defineMatrix } from './define-matrix.ts';

defineMatrix(localDisk);

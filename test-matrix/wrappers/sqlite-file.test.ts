import { sqliteFile } from '../backends/local.ts';
import { defineWrapped } from './define-wrapped.ts';

defineWrapped(sqliteFile);

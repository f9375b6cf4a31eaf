import { postgres } from '../backends/postgres.ts';
import { defineWrapped } from './define-wrapped.ts';

defineWrapped(postgres);

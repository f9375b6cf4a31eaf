import { memory } from '../backends/local.ts';
import { defineWrapped } from './define-wrapped.ts';

defineWrapped(memory);

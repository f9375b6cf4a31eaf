import { postgresStore } from './backends/postgres.ts';
import { testEveryCall } from './machine/test-every-call.ts';

testEveryCall('postgres', postgresStore, { deadlineMs: 400 });

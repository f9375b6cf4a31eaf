import { sqliteStore } from './backends/sqlite.ts';
import { testEveryCall } from './machine/test-every-call.ts';

testEveryCall('sqlite', sqliteStore, { deadlineMs: 150 });

import { libsqlFileStore } from './backends/libsql.ts';
import { testEveryCall } from './machine/test-every-call.ts';

testEveryCall('libsql-file', libsqlFileStore, { deadlineMs: 150 });

import { libsqlServerStore } from './backends/libsql.ts';
import { testEveryCall } from './machine/test-every-call.ts';

testEveryCall('libsql-remote', (calls) => libsqlServerStore(calls, 'http'), { deadlineMs: 400 });
testEveryCall('libsql-remote-ws', (calls) => libsqlServerStore(calls, 'ws'), { deadlineMs: 400 });

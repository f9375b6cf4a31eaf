import { localDiskStore } from './backends/local-disk.ts';
import { testEveryCall } from './machine/test-every-call.ts';

testEveryCall('local-disk', localDiskStore, { deadlineMs: 400 });

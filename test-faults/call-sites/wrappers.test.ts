import { wrappedStore, WRAPS } from './backends/wrappers.ts';
import { testEveryCall } from './machine/test-every-call.ts';

for (const [name, wrap] of Object.entries(WRAPS)) {
  testEveryCall(`memory under ${name}`, (calls) => wrappedStore(calls, wrap), { deadlineMs: 50 });
}

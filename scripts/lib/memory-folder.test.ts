import { expect, test } from 'vitest';
import { isRunnable } from './memory-folder.ts';

const others = 'proc /proc proc rw,noexec 0 0\ntmpfs /run tmpfs rw 0 0\n';

test.each([
  ['tmpfs /dev/shm tmpfs rw,nosuid,nodev 0 0', true],
  ['shm /dev/shm tmpfs rw,nosuid,nodev,noexec,size=65536k 0 0', false],
  ['/dev/sda1 /dev/shm ext4 rw 0 0', false],
  ['tmpfs /dev/shm/below tmpfs rw 0 0', false],
])('%s: files are kept in memory and programs run there: %s', (line, expected) => {
  expect(isRunnable(`${others}${line}\nsysfs /sys sysfs rw 0 0\n`)).toBe(expected);
});

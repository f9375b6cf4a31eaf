// A program: `node remove-containers.ts <value of the label>`, over a channel that a parent process holds. When the
// parent is gone, it removes the containers with that label, and their data.

import { ownerLabel } from './container-watchdog.ts';

if (process.connected) process.once('disconnect', () => void removeContainers());
// The parent was gone before this line was reached.
else void removeContainers();

async function removeContainers(): Promise<void> {
  // Only now: most of the time it is not needed, and takes a second to load.
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = { label: [`${ownerLabel}=${process.argv[2]}`] };
  const found = await dockerode.listContainers({ all: true, filters });
  await Promise.all(found.map((it) => dockerode.getContainer(it.Id).remove({ force: true, v: true })));
}

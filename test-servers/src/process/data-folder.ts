import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whom a program runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** A new folder for the data of one server, which only its user (and root) can look into. */
export async function makeDataFolder(kind: string, owner?: User): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-${kind}-`));
  if (owner) await chown(folder, owner.uid, owner.gid);
  return folder;
}

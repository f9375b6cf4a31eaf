import { constants } from 'node:fs';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

// None of them follows a symbolic link as the last component. O_NONBLOCK keeps a FIFO without a writer from
// hanging the call, and with it a thread of Node's small pool; for files and directories it means nothing.

/** Opens a directory and nothing else. */
export const OPEN_DIRECTORY: number = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;

/** What that answers when no directory is there. EMLINK is what FreeBSD answers where others answer ELOOP. */
export const NO_DIRECTORY: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK']);

/** Opens whatever is there for reading; what it was has to be asked of the open file. */
export const OPEN_FOR_READING: number = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** Makes a new file; fails when anything is there. */
export const CREATE_FILE: number = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;

import type { FileHandle } from 'node:fs/promises';
import { FILE_CALLS, type FileCalls } from '../../src/calls/file-calls.ts';

const CALLS = [
  'link',
  'lstat',
  'mkdir',
  'open',
  'opendir',
  'readlink',
  'realpath',
  'rename',
  'rmdir',
  'unlink',
] as const;
const HANDLE_CALLS = ['sync', 'write', 'read', 'stat', 'close'] as const;

/** The name of a call: of the module, or of an open file with `file.` before it. */
export type CallName = (typeof CALLS)[number] | `file.${(typeof HANDLE_CALLS)[number]}`;

/** What comes in the place of every call. It decides whether, and when, the real one is made. */
export type Interceptor = (name: CallName, real: () => Promise<unknown>, args: readonly unknown[]) => Promise<unknown>;

type Call = (...args: unknown[]) => Promise<unknown>;

/** The real calls, each led through an interceptor. */
export function intercept(interceptor: Interceptor): FileCalls {
  const wrapped: Record<string, Call> = {};
  for (const name of CALLS) {
    const real = FILE_CALLS[name] as Call;
    wrapped[name] = async (...args) => {
      const result = await interceptor(name, () => real(...args), args);
      if (name === 'open') wrapHandle(result as FileHandle, interceptor);
      return result;
    };
  }
  return wrapped as unknown as FileCalls;
}

function wrapHandle(handle: FileHandle, interceptor: Interceptor): void {
  for (const method of HANDLE_CALLS) {
    const real = (handle[method] as Call).bind(handle);
    const call: Call = (...args) => interceptor(`file.${method}`, () => real(...args), args);
    Object.defineProperty(handle, method, { value: call });
  }
  Object.defineProperty(handle, Symbol.asyncDispose, { value: () => handle.close() });
}

/** A failed system call as Node reports it, with a host path in its message. */
export function systemError(code: string): Error {
  const error = new Error(`${code}: it failed, call '/host/secret/path'`);
  return Object.assign(error, { code, errno: -1, syscall: 'call', path: '/host/secret/path' });
}

/** What Node throws where its permission model leaves a call out, with a host path in it. */
export function permissionError(): Error {
  const error = new Error('Access to this API has been restricted. Use --allow-fs-read to manage permissions.');
  return Object.assign(error, {
    code: 'ERR_ACCESS_DENIED',
    permission: 'FileSystemRead',
    resource: '/host/secret/path',
  });
}

/** Fails one kind of call with an error code, every time or when the arguments say so. */
export function failing(
  name: CallName,
  code: string,
  when: (args: readonly unknown[]) => boolean = () => true,
): FileCalls {
  return intercept((called, real, args) =>
    called === name && when(args) ? Promise.reject(systemError(code)) : real(),
  );
}

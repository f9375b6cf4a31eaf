import { HoldfastError } from '@holdfast/core';
import type { LibsqlConfig } from './client.ts';

/** Where the database of a configuration is. */
export type Where =
  | { readonly kind: 'memory' }
  /** The path is as it was given: relative to the working directory, links not followed. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string };

/**
 * Where the database of a configuration is. With a `syncUrl` that is the server: what is read from the file alone
 * may be older than a write that was acknowledged already.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function whereIs({ url, syncUrl }: LibsqlConfig): Where {
  const inMemory = url === ':memory:' || url.toLowerCase() === 'file::memory:';
  const isFile = /^file:/i.test(url);
  if (syncUrl !== undefined) {
    if (!isFile || inMemory) throw refused('config.url must be that of a file when there is a syncUrl');
    if (/^file:/i.test(syncUrl) || syncUrl === ':memory:') throw refused('config.syncUrl must be that of a server');
    return { kind: 'server', url: syncUrl };
  }
  if (inMemory) return { kind: 'memory' };
  if (!isFile) return { kind: 'server', url };
  return { kind: 'file', path: pathOf(url) };
}

/** The `file:` URL of a path of the host. */
export function fileUrl(path: string): string {
  return `file:${path.split('/').map(encodeURIComponent).join('/')}`;
}

function pathOf(url: string): string {
  const [, encoded = ''] = /^file:(?:\/\/[^/?#]*)?([^?#]*)/i.exec(url) ?? [];
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch (cause) {
    throw new HoldfastError('INVALID_ARGUMENT', 'config.url is not properly encoded', { cause });
  }
  // Each connection to an empty name, and to some with a query, is to a database of its own.
  if (path === '' || path.startsWith(':memory:') || path.includes('\0')) {
    throw refused("config.url must name a file, or be ':memory:'");
  }
  return path;
}

function refused(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}

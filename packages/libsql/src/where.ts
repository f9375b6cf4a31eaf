import { isAbsolute, resolve } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import type { LibsqlConfig } from './client.ts';
import { isHeaderValue } from './header-value.ts';

/** Where the database of a configuration is. */
export type Where =
  | { readonly kind: 'memory' }
  /** The path and the URL are absolute; links are not followed. */
  | { readonly kind: 'file'; readonly path: string; readonly url: string }
  | { readonly kind: 'server'; readonly url: string };

/**
 * Where the database of a configuration is. With a `syncUrl` that is the server: what is read from the file alone
 * may be older than a write that was acknowledged already.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function whereIs({ url, syncUrl }: LibsqlConfig): Where {
  // As the driver compares them. What else looks like it, it would take for the name of a file, and SQLite not always.
  const inMemory = url === ':memory:' || url === 'file::memory:';
  const isFile = /^file:/i.test(url);
  // The driver takes a token or `tls` there, and does nothing with them.
  if (isFile && /[?#]/.test(url)) throw refused('config.url must end with the path when it is that of a file');
  if (syncUrl !== undefined) {
    if (!isFile || inMemory) throw refused('config.url must be that of a file when there is a syncUrl');
    if (/^file:/i.test(syncUrl) || syncUrl === ':memory:') throw refused('config.syncUrl must be that of a server');
    checkServerUrl('syncUrl', syncUrl);
    return { kind: 'server', url: syncUrl };
  }
  if (inMemory) return { kind: 'memory' };
  if (!isFile) {
    checkServerUrl('url', url);
    return { kind: 'server', url };
  }
  const path = pathOf(url);
  // The driver opens it again after a failure, when the working directory may be another one.
  const absolute = isAbsolute(path) ? url : fileUrl(resolve(path));
  return { kind: 'file', path: resolve(path), url: absolute };
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
  // Each connection to an empty name is to a database of its own.
  if (path === '' || /^:memory:/i.test(path) || path.includes('\0')) {
    throw refused("config.url must name a file, or be ':memory:'");
  }
  return path;
}

/** Refuses what the driver would only stumble over when it makes a request. What else is odd, it tells at once. */
function checkServerUrl(key: 'url' | 'syncUrl', url: string): void {
  if (!/^(https?|libsql):/i.test(url) || !URL.canParse(url)) return;
  const { username, password, searchParams } = new URL(url);
  if (username !== '' || password !== '') {
    throw refused(`config.${key} must have no user name and no password; config.authToken is for that`);
  }
  if (!searchParams.getAll('authToken').every(isHeaderValue)) {
    throw refused(`config.${key} must have no authToken that an HTTP header cannot carry`);
  }
}

function refused(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}

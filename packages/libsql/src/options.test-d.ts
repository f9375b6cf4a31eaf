import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import type { Client, Config } from '@libsql/client';
import { expectTypeOf, test } from 'vitest';
import type { LibsqlClient, LibsqlConfig, LibsqlOptions, openLibsql } from './index.ts';

test('a Client and a Config as the driver types them are accepted', () => {
  expectTypeOf<Client>().toExtend<LibsqlClient>();
  expectTypeOf<{ client: Client }>().toExtend<LibsqlOptions>();
  expectTypeOf<keyof Config>().toEqualTypeOf<keyof LibsqlConfig>();
  expectTypeOf<Omit<Config, 'fetch'>>().toExtend<Omit<LibsqlConfig, 'fetch'>>();
});

test('a config and a client together are no options', () => {
  expectTypeOf<{ config: LibsqlConfig; client: LibsqlClient }>().not.toExtend<LibsqlOptions>();
  expectTypeOf<{ tablePrefix: string }>().not.toExtend<LibsqlOptions>();
});

test('what is opened is known to take records', () => {
  expectTypeOf<Awaited<ReturnType<typeof openLibsql>>>().toExtend<RootFilesystem<VersionedCapabilities>>();
});

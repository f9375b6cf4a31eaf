import { openPostgres, type PostgresFilesystem } from '../../src/index.ts';

/** How a child process of the contract suite opens the store. */
export function open(input: unknown): Promise<PostgresFilesystem> {
  const { connectionString, schema } = input as { readonly connectionString: string; readonly schema: string };
  return openPostgres({ config: { connectionString }, schema });
}

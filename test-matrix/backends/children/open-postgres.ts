import { openPostgres, type PostgresFilesystem } from '@holdfast/postgres';

/** How a child process opens the store: `input` is where the server is, and the schema. */
export function open(input: unknown): Promise<PostgresFilesystem> {
  const { connectionString, schema } = input as { readonly connectionString: string; readonly schema: string };
  return openPostgres({ config: { connectionString }, schema });
}

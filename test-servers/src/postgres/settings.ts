/** The user and the database that the tests' own servers are made with. The password is random. */
export const postgresName = 'holdfast';

/** What is changed of PostgreSQL's defaults: each test file has pools of its own. Nothing that durability rests on. */
export const postgresSettings: readonly string[] = ['-c', 'max_connections=300'];

/** The first release that has collations of its own. */
const builtinLocalesSince = 17;

/**
 * How a cluster is made: with PostgreSQL's own C.UTF-8, which sorts the same on every platform, whatever locales the
 * machine has; with C in releases that do not have that.
 */
export function initdbFlags(release: number = Infinity): readonly string[] {
  const provider = release < builtinLocalesSince ? [] : ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['--encoding=UTF8', '--locale=C', ...provider, '--auth=scram-sha-256'];
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly database?: string;
}

/** The URL of a server of ours; in its own database unless another one is given. */
export function postgresUrl({ host, port, password, database = postgresName }: Address): string {
  return `postgres://${postgresName}:${password}@${host}:${port}/${database}`;
}

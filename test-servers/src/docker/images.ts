// The same names as in docker-compose.yml; a test compares them.

/** The image of PostgreSQL, by the name that Docker knows it by. */
export const postgresImage = 'postgres:18.6-trixie';

/** The image of the libSQL server, by the name that Docker knows it by. */
export const libsqlImage = 'ghcr.io/tursodatabase/libsql-server:v0.24.33';

// The driver brings no types, and those that others publish follow its releases late. `database.ts` describes
// the part of it that is used.
declare module 'better-sqlite3' {
  const Database: unknown;
  export default Database;
}

/**
 * What a libSQL server is started with, as its environment; the same in `docker-compose.yml`.
 *
 * With an interval the server makes no checkpoint in the middle of a commit, but from time to time; here never. In
 * version 0.24 a checkpoint while several connections wait to write can give the turn to one that no longer waits:
 * from then on nobody may write, and the server keeps a processor busy until it is restarted.
 */
export const libsqlSettings: Readonly<Record<string, string>> = { SQLD_CHECKPOINT_INTERVAL_S: '86400' };

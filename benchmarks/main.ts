/**
 * What calls of ours cost beside what people would use or write instead. `--only` takes a pattern of ids, `--seconds` how
 * long each figure may take, `--json` prints figures alone, `--page` writes those of docs/performance.md.
 */
import { GROUPS } from './groups/index.ts';
import { bench } from './run/bench.ts';

process.exitCode = await bench(GROUPS, process.argv.slice(2), { out: console.log, err: console.error });

// Says that it is ready, then what it was given, once it is told to go on; ends without a word if that is nothing.
import { say, sayAndWait } from '../../src/index.ts';

const [...words] = process.argv.slice(2);
await sayAndWait('ready');
if (words.length > 0) await say(words);
process.exit(3);

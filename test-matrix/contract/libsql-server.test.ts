import { libsqlRemote, libsqlReplica } from '../backends/libsql.ts';
import { defineMatrix } from './define-matrix.ts';

// One after the other: a libSQL server makes some hundred updates of one key a second, whoever asks for them, and two
// storms at once would have to share those.
defineMatrix(libsqlRemote);
defineMatrix(libsqlReplica);

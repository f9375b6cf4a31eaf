import { rejections } from '@holdfast/test-support';

/** What stands for every secret of these tests: in tokens, URLs and bodies. */
export const CANARY = 'canary-7f3a';

/** Rejections that show nothing of the host. */
export const { rejection, refusal, refusals } = rejections(/canary-7f3a|holdfast-libsql-|127\.0\.0\.1/);

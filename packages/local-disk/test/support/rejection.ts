import { rejections } from '@holdfast/test-support';

/** Rejections that show nothing of the host. */
export const { rejection, refusal, refusals } = rejections(/host\/secret|holdfast-local-disk-|\/proc\//);

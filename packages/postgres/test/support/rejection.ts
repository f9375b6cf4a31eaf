import { rejections } from '@holdfast/test-support';

/** Rejections; what they may not show has a test of its own. */
export const { rejection, refusal } = rejections();

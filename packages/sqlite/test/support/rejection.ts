import { rejections } from '@holdfast/test-support';

/** Rejections that show nothing of the host. */
export const { rejection, refusal } = rejections(/secret-name|holdfast-sqlite-/);

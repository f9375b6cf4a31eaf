import type { BatchLimits } from '@holdfast/sql';

/**
 * In a file a batch runs on the event loop, and nothing else meanwhile: as many writes as fit some milliseconds, beside the sync.
 * The next waits for the lock with it, so there is one at a time.
 */
export const FILE_BATCHES: BatchLimits = { atOnce: 1, maxGroups: 128, maxChanges: 1000, maxBytes: 1024 * 1024 };

/**
 * A server makes one after the other in any case, so two are under way: one is made while the other travels. With 20 writes at
 * once sqld 0.24.32 takes twice as long for each as with 2, and every few ten thousand writes it stops writing for good, since its
 * connections lose track of whose turn it is after a checkpoint.
 */
export const SERVER_BATCHES: BatchLimits = { atOnce: 2, maxGroups: 256, maxChanges: 1000, maxBytes: 1024 * 1024 };

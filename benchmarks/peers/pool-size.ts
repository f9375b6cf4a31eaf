/** How many connections every pool has, ours and those of peers: the default of pg's, and of ours. */
export const POOL_SIZE = 10;

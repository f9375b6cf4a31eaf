/** Why there is no directory to open at a path. */
export type Obstacle = 'missing' | 'not-a-directory' | 'symbolic-link';

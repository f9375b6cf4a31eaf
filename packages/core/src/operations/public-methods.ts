/** The operations that every filesystem has, as methods that anybody can call. */
export const PUBLIC_METHODS = ['get', 'put', 'delete', 'list', 'entries'] as const;

/** One of {@link PUBLIC_METHODS}. */
export type PublicMethod = (typeof PUBLIC_METHODS)[number];

/**
 * Which promises the suite holds an adapter to. The first number changes when a promise does, or when an id goes away or
 * comes to mean something else; the second when scenarios are added, or find what they did not before. Nothing that an
 * adapter could notice changes otherwise.
 */
export const CONTRACT_VERSION = '1.0';

/**
 * Whether an HTTP header can carry a value as it is. `fetch` cuts off spaces around it, and refuses line breaks and
 * other control characters only when it makes the request.
 */
export function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\t\u0020-\u007E\u0080-\u00FF]+$/.test(value) && value === value.trim();
}

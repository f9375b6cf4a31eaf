/** `1 scenario`, `2 scenarios`, `1,100 scenarios`. */
export function count(many: number, what: string): string {
  return `${many.toLocaleString('en')} ${what}${many === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** A latency for readers: `4 µs`, `420 µs`, `8.1 ms`, `320 ms`, `4.1 s`. */
export function latency(ms: number): string {
  if (ms < 0.9995) return `${Math.round(ms * 1000)} µs`;
  return ms < 9.95 ? `${ms.toFixed(1)} ms` : duration(ms);
}

/** How long something took, for readers: `< 1 ms`, `8 ms`, `320 ms`, `4.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 0.5) return '< 1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Lets an adapter misread the errors of its own driver. Faults are put where the driver's errors come from, so this stands
 * between them and the base class, like the error mapping of a real adapter.
 */
export function misread(
  adapter: object,
  methods: readonly string[],
  reading: (error: unknown, method: string, args: readonly unknown[]) => unknown,
): void {
  for (const method of methods) {
    const mapped = (driver: Method): Method => {
      return (...args) => driver(...args).catch((error: unknown) => reading(error, method, args));
    };
    let current = (adapter as Record<string, Method>)[method] as Method;
    Object.defineProperty(adapter, method, {
      get: () => current,
      set: (faulty: Method) => {
        current = mapped(faulty);
      },
    });
  }
}

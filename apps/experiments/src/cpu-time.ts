/** Processor seconds of all threads, of which some work is left out. */
export interface Stopwatch {
  /** So far. */
  seconds(): number;
  /** Does work that does not count. */
  without<R>(work: () => R | Promise<R>): Promise<R>;
}

/** A stopwatch that runs. */
export function stopwatch(): Stopwatch {
  const started = process.cpuUsage();
  let left = 0;
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1e6 - left;
  };
  return {
    seconds,
    async without(work) {
      const before = seconds();
      const value = await work();
      left += seconds() - before;
      return value;
    },
  };
}

/** The processor seconds of all threads that a piece of work took, and what it gave. */
export async function timed<R>(
  work: () => R | Promise<R>,
): Promise<{ readonly value: R; readonly seconds: number }> {
  const watch = stopwatch();
  const value = await work();
  return { value, seconds: watch.seconds() };
}

/** The processor seconds of all threads that a piece of work took, and what it gave. */
export async function timed<R>(
  work: () => R | Promise<R>,
): Promise<{ readonly value: R; readonly seconds: number }> {
  const started = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(started);
  return { value, seconds: (user + system) / 1e6 };
}

/**
 * Lets timers and events run now and then: awaiting the data of a wasm backend does not, and an abort would never be heard.
 *
 * @returns a function to await in a loop; it gives way where the last time is longer ago than this
 */
export function pacer(milliseconds = 50): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < milliseconds) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}

/**
 * Which samples are background: those not within `guard` samples of a deflection beyond `limit` deviations on any channel.
 *
 * @param signal scaled `[time × channels]`
 * @returns one a sample: 1 where it is quiet
 */
export function quietSamples(signal: Float32Array, channels: number, guard: number, limit = 4): Uint8Array {
  const length = signal.length / channels;
  const quiet = new Uint8Array(length).fill(1);
  for (let i = 0; i < signal.length; i++) {
    if (Math.abs(signal[i]!) <= limit) continue;
    const time = Math.floor(i / channels);
    quiet.fill(0, Math.max(0, time - guard), time + guard + 1);
  }
  return quiet;
}

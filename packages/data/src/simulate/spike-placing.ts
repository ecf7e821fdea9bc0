import { type Random, refuse } from '@unrolled/contracts';

/**
 * Times of a Poisson process with a dead time, in whole samples: intervals are the dead time plus an exponential one, such
 * that the mean rate is `perSample`.
 *
 * @param below all times are in 0 … below − 1
 * @param apart the dead time: no two times are closer
 */
export function poissonTimes(random: Random, below: number, perSample: number, apart: number): number[] {
  const free = 1 / perSample - apart;
  if (free <= 0) {
    refuse(
      'firingRate',
      perSample,
      `spikes per sample below ${1 / apart}: at most one in a refractory period`,
    );
  }
  const times: number[] = [];
  // The process has no memory of a spike before the recording.
  for (let time = random.exponential(free); time < below; time += apart + random.exponential(free)) {
    times.push(Math.floor(time));
  }
  return times;
}

/** `count` places in 0 … below − 1, no two closer than `apart`, every such set as likely as another. Ascending. */
export function placesApart(random: Random, count: number, below: number, apart: number): number[] {
  const room = below - (count - 1) * (apart - 1);
  if (room < count)
    refuse('spikes', count, `at most ${Math.floor((below - 1) / apart) + 1} spikes in a window`);
  // Distinct places in a shorter line, which the distances then stretch: a bijection, so uniform.
  const places = new Set<number>();
  while (places.size < count) places.add(random.integer(room));
  return [...places].sort((a, b) => a - b).map((place, index) => place + index * (apart - 1));
}

/** How large spikes are. */
export interface Amplitude {
  readonly mean: number;
  readonly deviation: number;
}

/** A normal amplitude above 0, upside down half of the times where `signed`. */
export function drawAmplitude(random: Random, { mean, deviation }: Amplitude, signed: boolean): number {
  for (;;) {
    const amplitude = random.normal(mean, deviation);
    if (amplitude > 0) return signed && random.uniform() < 0.5 ? -amplitude : amplitude;
  }
}

import { UnrolledError } from '@unrolled/contracts';
import { largestCrossCorrelation } from '@unrolled/metrics';

/** How often a set is begun anew, and how many candidates may fail before that. */
const restarts = 1000;
const patience = 200;

/**
 * Draws waveforms of norm 1 that stay apart: a candidate that is too like one drawn before it is passed over.
 *
 * @param draw a candidate, `[time, channels]`
 * @param options.maxCrossCorrelation the largest cross-correlation, over all shifts, of two of them
 * @throws where no set with cross-correlations so small is found
 */
export function drawApart(
  count: number,
  draw: () => Float64Array,
  { channels, maxCrossCorrelation }: { readonly channels: number; readonly maxCrossCorrelation: number },
): Float64Array[] {
  let length = 0;
  for (let restart = 0; restart < restarts; restart++) {
    const waveforms: Float64Array[] = [];
    for (let failures = 0; failures < patience && waveforms.length < count; ) {
      const candidate = draw();
      length = candidate.length / channels;
      const apart = waveforms.every(
        (other) => Math.abs(largestCrossCorrelation(candidate, other, channels).value) <= maxCrossCorrelation,
      );
      if (apart) waveforms.push(candidate);
      else failures++;
    }
    if (waveforms.length === count) return waveforms;
  }
  throw new UnrolledError(
    'INVALID_ARGUMENT',
    `maxCrossCorrelation: expected a number that ${count} waveforms of ${length} samples and ${channels} channels ` +
      `can keep, got ${maxCrossCorrelation}: raise it, or their length`,
  );
}

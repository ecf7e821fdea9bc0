import type { Learned } from '../learned.ts';
import { type Bank, bankOf } from '../matching/bank.ts';
import type { Event } from '../matching/pursuit.ts';

/** Finds the spikes of whitened windows with what was learned. */
export interface SpikeFinder {
  /** The templates as they lie in the signal: whitened, one spike of amplitude 1. */
  readonly bank: Bank;
  /** The spikes of a window `[time × used channels]`, ascending in place. */
  find(signal: Float32Array): Promise<readonly Event[]>;
  /** Frees what it holds on the device. */
  dispose(): void;
}

/** The names of our finders: a name can be sent to a worker and be written down, a function cannot. */
export type FinderName = 'pursuit' | 'network' | 'code';

/** How spikes are found: an option of `sortRecording`. `threshold` is 1 unless more or less evidence is asked for. */
export interface FinderOf {
  (learned: Learned, threshold: number): Promise<SpikeFinder>;
  /** Of a finder of ours. */
  readonly finderName?: FinderName;
}

/** Gives a finder of ours its name. */
export const namedFinder = (
  finderName: FinderName,
  find: (learned: Learned, threshold: number) => Promise<SpikeFinder>,
): FinderOf => Object.freeze(Object.assign(find, { finderName }));

/** Samples within which a unit has one spike. */
export const refractoryOf = (length: number): number => Math.round(length / 3);

/** The bank of what was learned: filters of norm 1 at the size of the units' spikes. */
export function learnedBank({ filters, norms }: Learned): Bank {
  const [length, used, units] = filters.shape as [number, number, number];
  return bankOf(
    norms.map((norm, unit) =>
      Float32Array.from({ length: length * used }, (_, i) => norm * filters.data[i * units + unit]!),
    ),
    used,
  );
}

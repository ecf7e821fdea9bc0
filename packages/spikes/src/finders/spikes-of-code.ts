import { codeMasses } from '@unrolled/crsae';
import type { SparseCode } from '@unrolled/solvers';
import { refitAmplitudes } from '../matching/amplitudes.ts';
import { type Bank, correlateAt } from '../matching/bank.ts';
import type { Event } from '../matching/pursuit.ts';
import { synthesize } from '../matching/synthesize.ts';
import { refractoryOf } from './finder.ts';

/** A spike is at least this part of its unit's size, as the code has it: the lasso shrinks, and noise passes it now and then. */
const LEAST = 0.4;

/** What spikes are made of a code. */
export interface CodeReading {
  /** Norm of each unit's template: the code is in units of filters of norm 1. */
  readonly norms: readonly number[];
  readonly threshold: number;
  readonly bank: Bank;
}

/**
 * Spikes out of the sparse code of a window: the mass of a unit's code within its refractory period is one spike at its centre; then
 * amplitudes are refitted by least squares on the support, which takes off the lasso's shrinkage.
 *
 * @param signal whitened `[time × channels]`: what the code is of
 */
export function spikesOfCode(
  signal: Float32Array,
  { positions, atoms, values }: SparseCode,
  { norms, threshold, bank }: CodeReading,
): Event[] {
  const places: number[][] = norms.map(() => []);
  const heights: number[][] = norms.map(() => []);
  for (let i = 0; i < positions.length; i++) {
    places[atoms[i]!]!.push(positions[i]!);
    heights[atoms[i]!]!.push(values[i]!);
  }
  const events = norms
    .flatMap((norm, unit) =>
      codeMasses(places[unit]!, heights[unit]!, refractoryOf(bank.length)).map(
        ({ place, amplitude }): Event => {
          const size = amplitude / norm;
          return { place, unit, amplitude: size, score: (size ** 2 * bank.energies[unit]!) / 2 };
        },
      ),
    )
    .filter(({ amplitude }) => amplitude > LEAST * threshold)
    .sort((a, b) => a.place - b.place || a.unit - b.unit);
  const residual = signal.slice();
  synthesize(events, bank.templates, bank.channels, residual, -1);
  return refitAmplitudes(events, correlateAt(residual, events, bank), bank);
}

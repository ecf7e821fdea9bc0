import { refuse, requireInteger, requireKnownOptions, requirePositive } from '@unrolled/contracts';
import type { UpdateStage } from '@unrolled/unroll';

/**
 * A weight that shrinks from layer to layer, λ_t = λ β^{t−1}: early layers find the support, later ones lose the lasso's bias.
 *
 * @param factor β in (0, 1]
 * @returns an option `decay` of `pudle`, `ista` and `fista`
 * @example await pudle({ operator, prior, layers: 100, decay: decayByLayer(0.95) });
 */
export function decayByLayer(factor: number): (t: number) => number {
  requireFactor('factor', factor);
  return (t) => factor ** (t - 1);
}

/** Options of {@link shrinkingDecay}. */
export interface ShrinkingDecayOptions {
  /** Updates between two changes. */
  readonly every: number;
  /** What the factor loses at each. */
  readonly by: number;
  /** Where it stops, > 0. Default `by`. */
  readonly least?: number;
}

/** A factor that shrinks as training goes on: the option of the network, and the stage that changes it. */
export interface ShrinkingDecay {
  readonly decay: (t: number) => number;
  readonly stage: UpdateStage<unknown>;
  /** β now. */
  readonly factor: () => number;
}

/**
 * The published schedule: λ_t = λ β^{t−1} with β = 1 at first, and less by `by` after every `every` updates (0.005 and 100 in the
 * paper, 0.95 after a thousand). A fixed λ stalls where its bias is; this one does not.
 *
 * @throws INVALID_ARGUMENT, NOT_FINITE, UNKNOWN_OPTION
 * @example
 * const shrinking = shrinkingDecay({ every: 100, by: 0.005 });
 * const network = await pudle({ operator, prior: l1(0.2), layers: 100, step: 0.2, decay: shrinking.decay });
 * const stages = [{ name: 'atoms', train: ['operator.atoms'], loss: leastSquaresGradient(), optimizer }, shrinking.stage];
 * @see Tolooshams & Ba (2022), section 5
 */
export function shrinkingDecay(options: ShrinkingDecayOptions): ShrinkingDecay {
  requireKnownOptions('shrinkingDecay', options, ['every', 'by', 'least']);
  const every = requireInteger('every', options.every);
  const by = requireFactor('by', options.by);
  const least = requireFactor('least', options.least ?? by);
  let updates = 0;
  const factor = (): number => Math.max(least, 1 - by * Math.floor(updates / every));
  return Object.freeze({
    factor,
    decay: (t: number) => factor() ** (t - 1),
    stage: Object.freeze<UpdateStage<unknown>>({
      name: 'decay',
      update: () => {
        updates++;
        return undefined;
      },
      memory: {
        save: () => updates,
        load: (saved: unknown) => {
          updates = requireInteger('decay', saved as number, 0);
        },
      },
    }),
  });
}

function requireFactor(name: string, value: number): number {
  if (requirePositive(name, value) > 1) refuse(name, value, 'a number in (0, 1]');
  return value;
}

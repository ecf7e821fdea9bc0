import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { withoutGradient } from '@unrolled/backend';
import type { Network } from '@unrolled/contracts';

/**
 * The codes of the batch at work, found once and used by every update that needs them.
 *
 * This is the E-step. The filters' loss encodes the batch anyway, so that λ and σ are set from the same codes, as in the paper; to
 * encode again for each of them would cost a quarter of a step each.
 */
export interface BatchCodes {
  /** The codes of a batch: those kept of it, else encoded now. A constant for every gradient. Lent until the next batch. */
  of(network: Pick<Network, 'encode'>, batch: Tensor): Tensor;
  /**
   * The same network, but what it encodes is kept: for the loss that encodes the batch first.
   *
   * @param batch what the codes are kept for, all that are encoded together along the first axis: a loss that averages over shifts
   *   encodes shifted copies of it. Default: what is encoded
   */
  watch(network: Network, batch?: Tensor): Network;
  /** Forgets the codes kept. */
  dispose(): void;
}

/**
 * An E-step without codes yet. Whoever makes it disposes of it.
 *
 * @example
 * const codes = batchCodes();
 * const filters = { name: 'filters', train: ['operator.filters'], optimizer: adam({ rate: 0.01 }),
 *   loss: (network, batch) => reconstruction()(codes.watch(network), batch) };
 * const stages = [filters, noiseStage(noise, codes)];
 */
export function batchCodes(): BatchCodes {
  let kept: { readonly batch: number; readonly codes: Tensor } | undefined;
  const dispose = (): void => {
    kept?.codes.dispose();
    kept = undefined;
  };
  const keep = (batch: Tensor, codes: () => Tensor): Tensor => {
    // Kept over the scope of the loss, and off its tape.
    const next = tf.keep(withoutGradient(codes));
    dispose();
    kept = { batch: batch.id, codes: next };
    return next;
  };
  return Object.freeze<BatchCodes>({
    of: (network, batch) =>
      kept?.batch === batch.id ? kept.codes : tf.tidy(() => keep(batch, () => network.encode(batch))),
    watch: (network, batch) => {
      let before: Tensor | undefined;
      return {
        ...network,
        encode: (y, options) => {
          const codes = network.encode(y, options);
          const whole = before && kept?.codes === before ? [before, codes] : [codes];
          const next = keep(batch ?? y, () => (whole.length > 1 ? tf.concat(whole, 0) : tf.clone(codes)));
          before = batch && next;
          return codes;
        },
      };
    },
    dispose,
  });
}

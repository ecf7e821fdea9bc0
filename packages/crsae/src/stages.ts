import type { Tensor } from '@tensorflow/tfjs-core';
import type { Gradient } from '@unrolled/contracts';
import {
  type GradientStage,
  type Loss,
  type Optimizer,
  type Pair,
  reconstruction,
  type Stage,
  targetError,
} from '@unrolled/unroll';
import type { BatchCodes } from './batch-codes.ts';
import { type Crsae, isUntied } from './crsae.ts';
import type { Sparsity } from './sparsity/sparsity.ts';

/** What the filters' stage is made of, whatever a batch is. */
export interface FiltersOptions {
  readonly network: Crsae;
  readonly rule: Sparsity;
  readonly codes: BatchCodes;
  readonly optimizer: Optimizer;
  readonly gradient: Gradient | undefined;
}

/** The filters descend on the reconstruction of what they see. */
export function filtersStage(options: FiltersOptions): GradientStage {
  const loss = reconstruction(lossOptions(options));
  return filters(options, (network, batch) => loss(options.codes.watch(network), batch));
}

/** The filters descend on the distance to clean targets, over the batch's shifts where it has some. */
export function pairedFiltersStage(options: FiltersOptions): GradientStage<Pair> {
  const loss = targetError(lossOptions(options));
  return filters(options, (network, batch) => loss(options.codes.watch(network, batch.input), batch));
}

/** A stage on tensors as one on pairs: it sees their inputs. */
export function onInputs(stage: Stage): Stage<Pair> {
  return 'loss' in stage
    ? { ...stage, loss: (network, { input }) => stage.loss(network, input) }
    : { ...stage, update: (context) => stage.update({ ...context, batch: context.batch.input }) };
}

function filters<B = Tensor>({ network, rule, optimizer }: FiltersOptions, loss: Loss<B>): GradientStage<B> {
  const own = isUntied(network) ? ['analysis.filters'] : [];
  return {
    name: 'filters',
    train: ['operator.filters', ...own, ...rule.withFilters],
    loss,
    optimizer,
  };
}

const lossOptions = ({ gradient }: FiltersOptions): { gradient?: Gradient } =>
  gradient === undefined ? {} : { gradient };

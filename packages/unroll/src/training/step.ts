import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Random, refuse, UnrolledError } from '@unrolled/contracts';
import { gradientStep } from './gradient-step.ts';
import type { Run } from './run.ts';
import { isGradientStage, type Stage } from './stage.ts';

/** What the stages of one step see. */
export interface StepContext<B> {
  readonly batch: B;
  readonly epoch: number;
  readonly step: number;
  readonly random: Random;
}

/**
 * Runs some stages one after the other, each followed by the network's constraints and by what follows from its parameters.
 *
 * @returns the loss of every stage that has one, before its update
 * @throws DIVERGED where a loss, a gradient or an updated parameter is not finite. Whatever is thrown, all parameters are those
 *   from before the first of these stages
 */
export async function runStages<B>(
  run: Run<B>,
  stages: readonly Stage<B>[],
  context: StepContext<B>,
): Promise<Record<string, number>> {
  const { variables } = run.network;
  // Clones share memory until a variable is assigned, so this costs no copy.
  const before = Object.entries(variables).map(([name, variable]) => [name, tf.clone(variable)] as const);
  const losses: Record<string, number> = {};
  try {
    for (const stage of stages) {
      const loss = await runStage(run, stage, context);
      if (loss !== undefined) losses[stage.name] = loss;
    }
    if (stages.length > 0) await requireFiniteParameters(variables, before);
    return losses;
  } catch (error) {
    for (const [name, value] of before) if (!variables[name]!.isDisposed) variables[name]!.assign(value);
    throw error;
  } finally {
    for (const [, value] of before) value.dispose();
  }
}

async function runStage<B>(
  run: Run<B>,
  stage: Stage<B>,
  context: StepContext<B>,
): Promise<number | undefined> {
  const { network, optimizers } = run;
  const resetOptimizer = (name: string): void => {
    const optimizer = optimizers.get(name);
    if (!optimizer) refuse('resetOptimizer', name, `one of ${[...optimizers.keys()].join(', ')}`);
    else optimizer.reset();
  };
  const loss = isGradientStage(stage)
    ? await gradientStep(
        stage,
        network,
        context.batch,
        run.variables.get(stage.name)!,
        optimizers.get(stage.name)!,
      )
    : await stage.update({ ...context, network, random: context.random.split(stage.name), resetOptimizer });
  network.constrain();
  await network.refresh();
  return loss;
}

/** An update can be infinite though its gradient is not, and a constraint can divide by zero; a bound may have been ∞ from the start. */
async function requireFiniteParameters(
  variables: { readonly [name: string]: Variable },
  before: readonly (readonly [string, Tensor])[],
): Promise<void> {
  const sizes: Tensor = tf.tidy(() =>
    tf.stack(
      [...before.map(([, value]) => value), ...Object.values(variables)].map((value) =>
        tf.sum(tf.abs(value)),
      ),
    ),
  );
  const numbers = await sizes.data();
  sizes.dispose();
  const [then, now] = [numbers.subarray(0, before.length), numbers.subarray(before.length)];
  const wrong = now.findIndex((size, index) => !Number.isFinite(size) && Number.isFinite(then[index]));
  if (wrong < 0) return;
  throw new UnrolledError(
    'DIVERGED',
    `${before[wrong]![0]} is not finite after an update; the parameters are those before it`,
  );
}

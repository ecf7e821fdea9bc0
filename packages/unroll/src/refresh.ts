import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Iteration, type Named, refuse } from '@unrolled/contracts';
import type { LayerVariables } from './layer-variables.ts';

/**
 * Computes again what follows from other parameters and is not itself trained: every layer's own, or one for all.
 *
 * Where the layers share a number but not what it follows from, it becomes the smallest of the layers' values: the step 1/L of
 * the layer that has the largest L is safe in all.
 *
 * @throws INVALID_ARGUMENT where what they share is more than a number: one for all would be wrong in each
 */
export async function refreshVariables<N extends string>(
  iteration: Iteration<N>,
  variables: LayerVariables<N>,
  { layers, trained }: { readonly layers: number; readonly trained: ReadonlySet<string> },
): Promise<void> {
  if (!iteration.refresh) return;
  const read = new Set<string>();
  const derived = [await iteration.refresh(recordReads(variables.at(layers), read))];
  try {
    // Most often the layers have in common what it follows from, and one answer is everyone's: a norm is dear.
    if ([...read].some(variables.perLayer)) {
      for (let layer = layers - 1; layer >= 1; layer--)
        derived.unshift(await iteration.refresh(variables.at(layer)));
    }
    const names = Object.keys(derived[0]!).filter((name): name is N => !trained.has(name));
    for (const name of names) {
      const values = derived.map((layer) => layer[name]!);
      if (!variables.perLayer(name)) assignShared(variables, name, values);
      else
        for (let layer = 1; layer <= layers; layer++)
          variables.all[`${name}/${layer}`]!.assign(values[layer - 1] ?? values[0]!);
    }
  } finally {
    for (const layer of derived) tf.dispose({ ...layer });
  }
}

function assignShared<N extends string>(
  variables: LayerVariables<N>,
  name: N,
  values: readonly Tensor[],
): void {
  if (values.length > 1 && values[0]!.size > 1)
    refuse(`share.${name}`, 'one', "'each', as it follows from parameters that the layers do not share");
  tf.tidy(() => variables.all[name]!.assign(tf.min(tf.stack([...values]), 0)));
}

/** The same parameters, noting the names of those that are looked at. */
function recordReads<N extends string>(parameters: Named<N>, read: Set<string>): Named<N> {
  return new Proxy(parameters, {
    get: (target, name) => {
      read.add(String(name));
      return Reflect.get(target, name);
    },
  });
}

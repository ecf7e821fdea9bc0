import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from '@unrolled/contracts';

/** Which variables a network has: one a name, or one a name and layer (`'prior.weight/3'`), and the decoder's own. */
export interface LayerVariables<N extends string> {
  readonly all: { readonly [name: string]: Variable };
  /** The iteration's parameters in layer t, counted from 1. Lent. */
  at(layer: number): Named<N>;
  /** All layers have the same parameters. */
  readonly shared: boolean;
  /** Has every layer a copy of this parameter for itself? */
  perLayer(name: string): boolean;
  /** The variables of one parameter: one, or one a layer; its decoder copy where there is one. */
  of(name: string): readonly Variable[];
}

const decoderPrefix = 'decoder.';
const operatorPrefix = 'operator.';

/**
 * Makes the variables out of an iteration's fresh parameters, which it disposes of.
 *
 * Variables are anonymous to tfjs, where names are global: two networks may both have `'operator.filters'`.
 */
export function layerVariables<N extends string>(
  parameters: Named<N>,
  options: {
    readonly layers: number;
    readonly perLayer: ReadonlySet<string>;
    readonly ownDecoder: boolean;
    readonly trained: ReadonlySet<string>;
  },
): LayerVariables<N> {
  const { layers, perLayer, ownDecoder, trained } = options;
  const names = Object.keys(parameters) as N[];
  const all: Record<string, Variable> = {};
  const groups = new Map<string, Variable[]>();
  const make = (name: string, of: N): void => {
    const variable = tf.variable(parameters[of] as Tensor, trained.has(of));
    all[name] = variable;
    groups.set(of, [...(groups.get(of) ?? []), variable]);
  };
  for (const name of names) {
    if (perLayer.has(name)) for (let layer = 1; layer <= layers; layer++) make(`${name}/${layer}`, name);
    else make(name, name);
    if (ownDecoder && name.startsWith(operatorPrefix))
      make(`${decoderPrefix}${name.slice(operatorPrefix.length)}`, name);
  }
  for (const name of names) parameters[name].dispose();
  return {
    all: Object.freeze(all),
    at: (layer) =>
      Object.fromEntries(
        names.map((name) => [name, all[`${name}/${layer}`] ?? all[name]!]),
      ) as unknown as Named<N>,
    shared: perLayer.size === 0,
    perLayer: (name) => perLayer.has(name),
    of: (name) => groups.get(name) ?? [],
  };
}

/** The parameters of which the decoder is made: the last layer's, with the decoder's own copies where there are any. */
export function decoderParameters<N extends string>(variables: LayerVariables<N>, layers: number): Named<N> {
  const own = Object.entries(variables.all)
    .filter(([name]) => name.startsWith(decoderPrefix))
    .map(([name, variable]) => [`${operatorPrefix}${name.slice(decoderPrefix.length)}`, variable] as const);
  return { ...variables.at(layers), ...Object.fromEntries(own) } as Named<N>;
}

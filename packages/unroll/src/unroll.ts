import * as tf from '@tensorflow/tfjs-core';
import {
  type Iteration,
  type Named,
  type Network,
  type Problem,
  problemParameters,
  problemWith,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
  requireSignals,
  UnrolledError,
} from '@unrolled/contracts';
import type { Constraint } from './constraints.ts';
import { encode, requireGradient } from './encode.ts';
import { decoderParameters, type LayerVariables, layerVariables } from './layer-variables.ts';
import { refreshVariables } from './refresh.ts';

/** Options of {@link unroll}; `N` are the names of the iteration's parameters. */
export interface UnrollOptions<N extends string> {
  /** T ≥ 1. */
  readonly layers: number;
  /** The parameters that training may change; default none. */
  readonly train?: readonly N[];
  /**
   * `'each'`: a copy for every layer, `'one'` (default): one for all. A step that is shared while the operators are not is the
   * smallest that any of them asks for: give it `'each'` too where they may grow apart.
   */
  readonly share?: { readonly [K in N]?: 'one' | 'each' };
  /** `'tied'` (default): the decoder is the last layer's operator. `'own'`: it has a copy, `'decoder.*'`. */
  readonly decoder?: 'tied' | 'own';
  /** Sets that parameters are projected on after every update. */
  readonly constraints?: { readonly [K in N]?: Constraint };
}

/**
 * Unrolls an iteration into a network of T layers. Until it is trained it *is* the truncated algorithm, bit for bit.
 *
 * What may be trained, what the layers share and what the decoder is tied to are three independent choices; how gradients go back
 * through the layers is a fourth, an option of `encode`.
 *
 * @param iteration an algorithm bound to a problem: `fista({ operator, prior, likelihood })`
 * @returns the network, which owns its variables: `dispose` frees them
 * @throws UnrolledError where an option is unknown or a parameter is not one of the iteration's
 * @example
 * const network = await unroll(fista(problem), {
 *   layers: 30,
 *   train: ['operator.filters', 'prior.weight'],
 *   share: { 'prior.weight': 'each' },
 *   constraints: { 'operator.filters': unitSphere, 'prior.weight': nonNegative },
 * });
 * const code = network.encode(y, { gradient: { last: 5 } });
 * @see Gregor & LeCun 2010, "Learning fast approximations of sparse coding"
 */
export async function unroll<N extends string, S extends string, Q extends Problem>(
  iteration: Iteration<N, S, Q>,
  options: UnrollOptions<NoInfer<N>>,
): Promise<Network<N, Q>> {
  requireKnownOptions('unroll', options, ['layers', 'train', 'share', 'decoder', 'constraints']);
  const layers = requireInteger('layers', options.layers);
  const decoder = requireOneOf('decoder', options.decoder ?? 'tied', ['tied', 'own']);
  const train = new Set<string>(options.train ?? []);
  const share = Object.entries<unknown>(options.share ?? {});
  for (const [name, rule] of share) requireOneOf(`share.${name}`, rule, ['one', 'each']);

  const parameters = await iteration.parameters();
  const mentioned = {
    train: [...train],
    share: share.map(([name]) => name),
    constraints: Object.keys(options.constraints ?? {}),
  };
  try {
    for (const [option, names] of Object.entries(mentioned)) requireParameters(option, names, parameters);
  } catch (error) {
    tf.dispose({ ...parameters });
    throw error;
  }
  const variables = layerVariables(parameters, {
    layers,
    perLayer: new Set(share.filter(([, rule]) => rule === 'each').map(([name]) => name)),
    ownDecoder: decoder === 'own',
    trained: train,
  });
  return network(iteration, { ...options, layers }, variables);
}

function network<N extends string, S extends string, Q extends Problem>(
  iteration: Iteration<N, S, Q>,
  options: UnrollOptions<N>,
  variables: LayerVariables<N>,
): Network<N, Q> {
  const { layers } = options;
  const trained = new Set<string>(options.train ?? []);
  const { shared } = variables;
  let disposed = false;
  const requireAlive = (): void => {
    if (disposed)
      throw new UnrolledError('INVALID_ARGUMENT', 'network: expected a live network, got a disposed one');
  };
  return Object.freeze<Network<N, Q>>({
    layers,
    variables: variables.all,
    trainable: Object.freeze(Object.values(variables.all).filter(({ trainable }) => trainable)),
    parameters: (layer) => {
      if (requireInteger('layer', layer) > layers) refuse('layer', layer, `at most ${layers}`);
      return variables.at(layer);
    },
    encode: (y, { gradient = 'full' } = {}) => {
      requireAlive();
      requireSignals('y', y);
      requireGradient(gradient, shared);
      return encode({ iteration, layers, y, parametersAt: variables.at, shared }, gradient);
    },
    decode: (x) => {
      requireAlive();
      return tf.tidy(() => iteration.decoder(decoderParameters(variables, layers)).apply(x));
    },
    // An iteration need not have all of the problem's tensors among its parameters (LISTA has none of the operator's).
    problem: () =>
      problemWith(iteration.problem, { ...problemParameters(iteration.problem), ...variables.at(layers) }),
    constrain: () => {
      for (const [name, constraint] of Object.entries<Constraint | undefined>(options.constraints ?? {})) {
        if (constraint)
          for (const variable of variables.of(name)) tf.tidy(() => variable.assign(constraint(variable)));
      }
    },
    refresh: async () => {
      requireAlive();
      await refreshVariables(iteration, variables, { layers, trained });
    },
    dispose: () => {
      // Variable.dispose has no guard of its own: a second call would free memory that others share.
      for (const variable of Object.values(variables.all)) if (!variable.isDisposed) variable.dispose();
      disposed = true;
    },
  });
}

function requireParameters(option: string, names: readonly string[], parameters: Named): void {
  for (const name of names) {
    if (!(name in parameters)) refuse(option, name, `one of ${Object.keys(parameters).join(', ')}`);
  }
}

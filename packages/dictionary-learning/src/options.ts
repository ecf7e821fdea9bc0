import {
  type CheckpointStore,
  type Prior,
  refuse,
  requireInteger,
  requireKnownOptions,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from '@unrolled/contracts';
import type { AtomConstraint } from './atoms.ts';
import type { CodeOptions } from './codes.ts';
import type { HostExamples } from './examples.ts';
import { online } from './updates/online.ts';
import type { AtomUpdate } from './updates/update.ts';

/** Options of {@link dictionaryLearning}. */
export interface DictionaryLearningOptions {
  /** How many atoms. */
  readonly atoms: number;
  /** Φ(x) = weight · Σ |x_j|. This, or a `prior`. */
  readonly weight?: number;
  /** Φ, any prior on codes, lent; in place of a `weight`. */
  readonly prior?: Prior;
  /** How atoms follow from codes. Default `online()`; `projectedGradient({ rate })` is the other one here. */
  readonly update?: AtomUpdate;
  /** Where atoms may be. Default `'ball'`: ‖d‖ ≤ 1. */
  readonly constraint?: AtomConstraint;
  /** Atoms to start from, `[features, atoms]`. Default: examples, drawn at random. */
  readonly initial?: HostExamples;
  /** Default: 5 examples an atom, at most 256. */
  readonly batchSize?: number;
  /** Passes over the examples. Default 10. */
  readonly epochs?: number;
  /** Stops after an epoch that changes the mean objective by less than this part of it. Default 0: never. */
  readonly tolerance?: number;
  /** New batches every epoch. Default true; false takes the examples in their order. */
  readonly shuffle?: boolean;
  /** Decides what is drawn: atoms to start from, batches, atoms that are seeded anew. Default 0. */
  readonly seed?: number;
  /** How exactly codes are computed. */
  readonly codes?: CodeOptions;
  /** Aborting makes the loop throw ABORTED, with a checkpoint written where there is a store. */
  readonly signal?: AbortSignal;
  /** Where a checkpoint is kept, and after how many batches it is written (default: every epoch). A run goes on from it. */
  readonly checkpoint?: { readonly store: CheckpointStore; readonly everySteps?: number };
}

/** Options with every default in its place. */
export interface Settings {
  readonly atoms: number;
  readonly weight: number | undefined;
  readonly prior: Prior | undefined;
  readonly update: AtomUpdate;
  readonly constraint: AtomConstraint;
  readonly initial: HostExamples | undefined;
  readonly batchSize: number;
  readonly epochs: number;
  readonly tolerance: number;
  readonly shuffle: boolean;
  readonly seed: number;
  readonly codes: Required<CodeOptions>;
  readonly signal: AbortSignal | undefined;
  readonly checkpoint: DictionaryLearningOptions['checkpoint'];
}

const known = [
  'atoms',
  'weight',
  'prior',
  'update',
  'constraint',
  'initial',
  'batchSize',
  'epochs',
  'tolerance',
  'shuffle',
  'seed',
  'codes',
  'signal',
  'checkpoint',
];

/** Refuses options that cannot be, before any work. */
export function settingsOf(options: DictionaryLearningOptions): Settings {
  requireKnownOptions('dictionaryLearning', options, known);
  const { weight, prior, initial, signal, checkpoint, update = online(), shuffle = true } = options;
  if ((weight === undefined) === (prior === undefined))
    refuse('weight', weight, 'a weight of the ℓ1 prior, or a prior, and not both');
  if (weight !== undefined) requireNonNegative('weight', weight);
  if (prior !== undefined && typeof prior.prox !== 'function') refuse('prior', prior, 'a prior');
  if (typeof update?.begin !== 'function') refuse('update', update, 'an update, such as online()');
  if (typeof shuffle !== 'boolean') refuse('shuffle', shuffle, 'true or false');
  const { codes = {} } = options;
  requireKnownOptions('codes', codes, ['tolerance', 'iterations']);
  if (checkpoint && typeof checkpoint.store?.write !== 'function')
    refuse('checkpoint.store', checkpoint.store, 'a store to read from and write to');
  if (checkpoint?.everySteps !== undefined) requireInteger('checkpoint.everySteps', checkpoint.everySteps);
  const atoms = requireInteger('atoms', options.atoms);
  return {
    atoms,
    weight,
    prior,
    update,
    constraint: requireOneOf('constraint', options.constraint ?? 'ball', ['ball', 'sphere']),
    initial,
    batchSize: requireInteger('batchSize', options.batchSize ?? Math.min(256, 5 * atoms)),
    epochs: requireInteger('epochs', options.epochs ?? 10),
    tolerance: requireNonNegative('tolerance', options.tolerance ?? 0),
    shuffle,
    seed: requireInteger('seed', options.seed ?? 0, 0),
    codes: {
      tolerance: requirePositive('codes.tolerance', codes.tolerance ?? 1e-3),
      iterations: requireInteger('codes.iterations', codes.iterations ?? 1000),
    },
    signal,
    checkpoint,
  };
}

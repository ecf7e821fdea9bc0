import { type Random, random } from '@unrolled/contracts';
import { simulateHierarchy } from '@unrolled/data';
import {
  hierarchyError,
  type LevelLearning,
  learnBackward,
  learnForward,
  receptiveFieldSparsity,
} from '@unrolled/deep-sparse';
import { type Dictionary, dictionaryError } from '@unrolled/metrics';
import { timed } from '../cpu-time.ts';
import { entriesOf, productOf } from './matrices.ts';
import type { Direction, Hierarchy, Learning, Start } from './plan.ts';

/** What is learned, and from what. */
export interface Trial {
  readonly hierarchy: Hierarchy;
  readonly direction: Direction;
  readonly start: Start;
  readonly learning: Learning;
  readonly examples: number;
  readonly seed: number;
}

/** One hierarchy, learned once. Lists have an entry a level, from the data upwards. */
export interface TrialResult extends Trial {
  /** Of the atoms that learning begins with: of A¹, A², … forward, of the products A¹, A¹A², … backward. Empty where they are examples. */
  readonly startErrors: readonly number[];
  /** The mean error of a level's atoms, and the share of them that are nearer than `near` to a true one. */
  readonly errors: readonly number[];
  readonly found: readonly number[];
  /** Entries of the codes that are not zero. */
  readonly truth: Counts;
  readonly learned: Counts;
  /** Entries of a column that are more than a twentieth of its largest: the mean of a level. */
  readonly fields: readonly number[];
  /** Processor seconds. */
  readonly seconds: number;
}

/** How many entries the codes of all levels have. */
export interface Counts {
  /** A code of every level: the mean. */
  readonly mean: readonly number[];
  /** Of all steps from a code to the one below it: the share with more than s times as many entries below, and with fewer below. */
  readonly above: number;
  readonly fewer: number;
}

/** An error below which an atom is found: an angle of six degrees. */
export const near = 0.1;

/** Simulates a hierarchy, learns it from its signals, and measures what was learned. */
export async function runTrial(trial: Trial, signal: AbortSignal): Promise<TrialResult> {
  const { hierarchy, direction, seed, examples } = trial;
  const { features, atoms, columnSparsity, active } = hierarchy;
  const truth = simulateHierarchy({ features, atoms, columnSparsity, active, examples, seed });
  const targets = targetsOf(truth.dictionaries, direction);
  const noise = random(seed).split('start');
  const levels = targets.map((target, level) => levelOf(target, trial, { level, noise }));
  const learn = direction === 'forward' ? learnForward : learnBackward;
  const learned = await timed(() => learn(truth.signals, { levels, signal }));
  const { dictionaries, codes } = learned.value;
  const errors = hierarchyError(truth.dictionaries, dictionaries);
  return {
    ...trial,
    startErrors: levels.flatMap(({ initial }, level) =>
      initial ? [dictionaryError(targets[level]!, initial, { shifts: false }).mean] : [],
    ),
    errors: errors.map(({ mean }) => mean),
    found: errors.map(
      ({ errors: each }) => each.reduce((count, error) => count + (error < near ? 1 : 0), 0) / each.length,
    ),
    truth: countsOf(truth.codes, columnSparsity),
    learned: countsOf(codes, columnSparsity),
    fields: receptiveFieldSparsity(dictionaries, 0.05).map(({ mean }) => mean),
    seconds: learned.seconds,
  };
}

/** What every level's learning is to find: forward the level's own dictionary, backward the product of all up to it. */
function targetsOf(dictionaries: readonly Dictionary[], direction: Direction): Dictionary[] {
  if (direction === 'forward') return [...dictionaries];
  return dictionaries.map((_, level) => productOf(dictionaries.slice(0, level + 1)));
}

/** A level's settings: passes that make about as many updates, whatever the number of examples. */
function levelOf(
  target: Dictionary,
  { hierarchy: { atoms }, direction, start, learning, examples, seed }: Trial,
  { level, noise }: { readonly level: number; readonly noise: Random },
): LevelLearning {
  const count = atoms[level]!;
  const seen = direction === 'backward' && level < atoms.length - 1 ? atoms[level + 1]! : examples;
  const batchSize = Math.min(seen, 256, 5 * count);
  const { weight, refinements, updates, deviation } = learning;
  const each = deviation / Math.sqrt(target.shape[0]!);
  return {
    atoms: count,
    weight,
    refinements,
    batchSize,
    epochs: Math.ceil((updates * batchSize) / seen),
    seed,
    ...(start === 'near' && {
      initial: {
        data: Float32Array.from(target.data, (value) => value + noise.normal(0, each)),
        shape: [...target.shape],
      },
    }),
  };
}

/** Float32 rounding leaves no exact zeros where entries cancel: magnitudes here are about 1. */
const zero = 1e-5;

function countsOf(codes: readonly Dictionary[], columnSparsity: number): Counts {
  const counts = codes.map((level) => entriesOf(level, zero));
  const steps = counts
    .slice(1)
    .flatMap((above, index) => above.map((count, example) => [counts[index]![example]!, count] as const));
  const share = (holds: (step: readonly [below: number, above: number]) => boolean): number =>
    steps.length === 0 ? 0 : steps.filter(holds).length / steps.length;
  return {
    mean: counts.map((level) => level.reduce((sum, count) => sum + count, 0) / level.length),
    above: share(([below, above]) => below > columnSparsity * above),
    fewer: share(([below, above]) => below < above),
  };
}

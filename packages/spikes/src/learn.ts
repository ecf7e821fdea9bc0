import {
  random,
  refuse,
  requireInteger,
  requireKnownOptions,
  requirePositive,
  throwIfAborted,
  UnrolledError,
} from '@unrolled/contracts';
import { type Recording, requireRate } from '@unrolled/data';
import { pacer } from '@unrolled/solvers';
import { withoutBaseline } from './front/baseline.ts';
import { enoughPieces } from './front/enough-pieces.ts';
import { conditioned } from './front/front-end.ts';
import { learnFrontEnd } from './front/learn-front-end.ts';
import { type Piece, trainingPieces } from './front/training-pieces.ts';
import { whitenedRecording } from './front/whitened-recording.ts';
import { learnBackground } from './initial/background.ts';
import { clusterSnippets } from './initial/cluster.ts';
import { detectedSnippets } from './initial/detect.ts';
import type { Learned, SelectionStep } from './learned.ts';
import { learnFilters } from './network/learn-filters.ts';
import type { WorkOptions } from './progress.ts';
import { candidatesOf } from './selection/candidates.ts';
import { consolidate } from './selection/consolidate.ts';
import { finish } from './selection/finish.ts';

/** Options of `learnTemplates`. */
export interface LearnOptions extends WorkOptions {
  /** How many units there are, or `'auto'` (default): as many as the selection criterion keeps. */
  readonly units?: 'auto' | number;
  /** Length of a template, seconds. Default 0.003. */
  readonly duration?: number;
  /** Sampling rate, Hz. Default: the recording's own. */
  readonly rate?: number | undefined;
  /** Layers of the unrolled encoder. Default 30. */
  readonly layers?: number;
  /** Passes over the training windows. Default 3. */
  readonly epochs?: number;
  /** Default 0. */
  readonly seed?: number;
}

const OPTIONS = ['units', 'duration', 'rate', 'layers', 'epochs', 'seed', 'signal', 'onProgress'];

/** Rough clusters first, deliberately too many; then those without a clear valley become one. See `isocut` for the scale. */
const CAUTIOUS_DIP = 1.2;
const CLEAR_DIP = 1.6;
/** Rounds of explaining, cleaning and clustering anew. Two settle it; one more for good measure. */
const ROUNDS = 3;

/**
 * Learns the templates of a recording's neurons, without a hand on a knob. The same code for 20 s and for 4 GB: it learns from
 * pieces drawn at random from the whole recording.
 *
 * 1. The front end: band-pass [1/D, 15/D] of the template's duration D, robust noise levels, whitening across channels and time.
 * 2. An initial set of templates, deliberately too many: deflections beyond 5 deviations of the noise, clustered in units of the
 *    noise (`isoMerge`). Three rounds of explaining the pieces by them, taking every spike out of its neighbours and clustering
 *    anew; duplicates are merged (`mergeDuplicates`).
 * 3. CRsAE: the templates are filters of a convolutional dictionary and descend on the reconstruction error through the layers of
 *    unrolled FISTA; λ by EM.
 * 4. The units that stay (`judge`), with `units: 'auto'`; their templates, refitted by least squares on the support, in whitened
 *    units and in the recording's own.
 *
 * Needs a backend: `await useBackend('wasm')` of `@unrolled/backend`. A recording without spikes gives zero units.
 *
 * @throws INVALID_ARGUMENT for a rate that is missing or not positive, or an option that cannot be; INVALID_SHAPE for a recording
 *   shorter than one template; NOT_FINITE for NaN or infinity in what is learned from; UNKNOWN_OPTION; ABORTED
 * @example
 * await useBackend('wasm');
 * const learned = await learnTemplates(recording, { duration: 0.003 });
 * @see Tolooshams, Dey & Ba, "Deep residual autoencoders for expectation maximization-inspired dictionary learning", IEEE TNNLS (2021)
 */
export async function learnTemplates(recording: Recording, options: LearnOptions = {}): Promise<Learned> {
  const { units, duration, rate, layers, epochs, seed, signal, onProgress } = settled(recording, options);
  const length = Math.round(duration * rate);
  const before = Math.round(length / 3);
  const generator = random(seed);
  const progress = (stage: string, done: number, total: number) => {
    throwIfAborted(signal);
    onProgress?.({ stage, done, total });
  };

  const pause = pacer();
  const breathe = async () => {
    await pause();
    throwIfAborted(signal);
  };

  progress('reading', 0, 2);
  const drawn = trainingPieces(recording, length, generator.split('pieces'));
  const frontEnd = await learnFrontEnd(recording, drawn, { duration, rate });
  const channels = frontEnd.usedChannels.length;
  progress('reading', 1, 2);
  const through = conditioned(recording, frontEnd);
  const all = await seen(drawn, through.whitened);
  progress('reading', 2, 2);

  const detected = all.map((signal) =>
    channels > 0 ? detectedSnippets([signal], channels, { length, before }) : [],
  );
  const deflections = detected.reduce((sum, found) => sum + found.length, 0);
  const enough = enoughPieces(drawn.length, deflections);
  const pieces = enough.map((index) => drawn[index]!);
  const whitened = enough.map((index) => all[index]!);
  const snippets = enough.flatMap((index) => detected[index]!);
  const samples = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  const background = learnBackground(whitened, channels, length, generator.split('background'));
  const shared = { units, background, before, refractory: before };
  let candidates = candidatesOf(
    snippets,
    clusterSnippets(snippets, { ...shared, dip: CAUTIOUS_DIP, random: generator.split('clusters') }),
    samples,
  );
  const selection: SelectionStep[] = [];
  progress('clustering', 0, ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    const next = consolidate(whitened, candidates, channels, {
      ...shared,
      dip: CLEAR_DIP,
      random: generator.split('clusters').split(round),
    });
    candidates = [...next.candidates];
    selection.push(...next.steps);
    progress('clustering', round + 1, ROUNDS);
    await breathe();
  }

  progress('learning', 0, epochs);
  const network = await learnFilters(
    whitenedRecording(recording, frontEnd),
    candidates.map(({ template }) => template),
    {
      layers,
      epochs,
      random: generator.split('network'),
      signal,
      onEpoch: (epoch) => progress('learning', epoch, epochs),
    },
  );

  progress('selecting', 0, 1);
  const own = await seen(pieces, (start, end) =>
    withoutBaseline(recording, frontEnd, length, { start, end }),
  );
  const { survivors, ...finished } = await finish(
    candidates.map((candidate, unit) => ({ ...candidate, template: network.templates[unit]! })),
    { whitened, own, frontEnd, background, refractory: before, units, breathe },
  );
  progress('selecting', 1, 1);
  return Object.freeze({
    ...finished,
    frontEnd,
    duration,
    layers,
    weights: survivors.map((candidate) => network.weights[candidate]!),
    history: network.history.map((epoch) => ({
      ...epoch,
      weights: survivors.map((candidate) => epoch.weights[candidate]!),
      moved: survivors.map((candidate) => epoch.moved[candidate]!),
    })),
    selection: [...selection, ...finished.selection],
    seed,
  });
}

async function seen(
  pieces: readonly Piece[],
  read: (start: number, end: number) => Promise<Float32Array>,
): Promise<Float32Array[]> {
  const signals: Float32Array[] = [];
  for (const { start, end } of pieces) signals.push(await read(start, end));
  return signals;
}

function settled(recording: Recording, options: LearnOptions) {
  requireKnownOptions('options', options, OPTIONS);
  const { units = 'auto', duration = 0.003, layers = 30, epochs = 3, seed = 0, signal, onProgress } = options;
  if (units !== 'auto') {
    if (typeof units !== 'number') refuse('options.units', units, "'auto' or a whole number ≥ 1");
    requireInteger('options.units', units);
  }
  requirePositive('options.duration', duration);
  requireInteger('options.layers', layers);
  requireInteger('options.epochs', epochs, 0);
  requireInteger('options.seed', seed, 0);
  const rate = requireRate({ name: recording.name, rate: options.rate ?? recording.rate });
  const length = Math.round(duration * rate);
  if (length < 3) refuse('options.duration', duration, `at least 3 samples of ${1 / rate} s`);
  if (recording.samples < length) {
    throw new UnrolledError(
      'INVALID_SHAPE',
      `${recording.name}: expected at least one template of ${length} samples, found ${recording.samples} samples`,
    );
  }
  return { units, duration, rate, layers, epochs, seed, signal, onProgress };
}

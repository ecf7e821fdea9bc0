import { powerIteration } from '@unrolled/operators';
import type { HostExamples } from '@unrolled/unroll';
import { timed } from '../cpu-time.ts';
import { errorRate, trainClassifier } from '../pictures/classifier.ts';
import { type Digits, decodeDigits, encodeDigits, rowsOf } from './encode-digits.ts';
import { type Learning, learn } from './learn.ts';
import { dictionaryName, randnet, type Settings } from './randnet.ts';

/** A RandNet on digits. */
export interface DigitSettings extends Omit<Settings, 'measuring'>, Learning {
  readonly measurements: number;
  /** Digits that share a matrix. */
  readonly blockSize: number;
  /** Steps of the classifier, of all digits at a time. */
  readonly steps: number;
}

/** Digits that are learned from, and others. */
export interface Halves<T> {
  readonly train: T;
  readonly test: T;
}

/** What one compression gave. CPU seconds of one thread. */
export interface DigitResult {
  readonly settings: DigitSettings;
  readonly losses: readonly number[];
  /** Shares in the right class. */
  readonly accuracy: Halves<number>;
  /** Entries of a test digit's code that are not 0. */
  readonly entries: number;
  /** ‖Φ H‖² after training, for one Φ. */
  readonly squaredNorm: number;
  readonly seconds: { readonly learning: number; readonly encoding: number; readonly classifying: number };
  /** H `[pixels, atoms]`, and the mean size of every atom's entry in the codes of test digits. */
  readonly dictionary: readonly number[];
  readonly use: readonly number[];
  /** H x of the first test digits, from their measurements. */
  readonly decoded: readonly (readonly number[])[];
}

/** Test digits that are shown. */
export const shown = 14;

/** Learns H from compressed digits, encodes them all, and tells them apart by logistic regression of their codes. */
export async function learnDigits(
  digits: Halves<Digits>,
  settings: DigitSettings,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal },
): Promise<DigitResult> {
  const { measurements, blockSize, steps, atoms } = settings;
  const { pixels, labels } = digits.train;
  const features = pixels.shape[1]!;
  const measuring = { features, measurements, seed };
  const network = await randnet({ ...settings, measuring });
  const encode = async (): Promise<Halves<HostExamples>> => ({
    train: await encodeDigits(network, digits.train, { measuring, blockSize, signal }),
    test: await encodeDigits(network, digits.test, { measuring, blockSize, signal }),
  });
  try {
    const blocks = Math.ceil(labels.length / blockSize);
    const block = (index: number) => rowsOf(pixels, index, blockSize);
    const learned = await timed(() =>
      learn(network, { measuring, blocks, block }, settings, { seed, signal }),
    );
    const coded = await timed(encode);
    const classified = await timed(() => classify(coded.value, digits, steps));
    const { data: codes } = coded.value.test;
    const others = digits.test.labels.length;
    const { operator } = network.problem();
    const pictures = await decodeDigits(network, {
      data: codes.subarray(0, shown * atoms),
      shape: [shown, atoms],
    });
    return {
      settings,
      losses: learned.value.losses,
      accuracy: classified.value,
      entries: codes.reduce((count, value) => count + (value === 0 ? 0 : 1), 0) / others,
      squaredNorm: await powerIteration(operator, operator.codeShape([1, measurements])),
      seconds: { learning: learned.seconds, encoding: coded.seconds, classifying: classified.seconds },
      dictionary: rounded(await network.variables[dictionaryName]!.data()),
      use: Array.from({ length: atoms }, (_, atom) => {
        let sum = 0;
        for (let digit = 0; digit < others; digit++) sum += Math.abs(codes[digit * atoms + atom]!);
        return sum / others;
      }),
      decoded: Array.from({ length: shown }, (_, digit) =>
        rounded(pictures.subarray(digit * features, (digit + 1) * features)),
      ),
    };
  } finally {
    network.dispose();
  }
}

/** Shares of digits in the right class, of a classifier that was trained on the codes of one half. */
export async function classify(
  features: Halves<HostExamples>,
  { train, test }: Halves<Digits>,
  steps: number,
): Promise<Halves<number>> {
  const { weights, wrong } = await trainClassifier(features.train, train.labels, steps);
  return { train: 1 - wrong, test: 1 - (await errorRate(weights, features.test, test.labels)) };
}

/** To three digits, which are enough to be seen. */
const rounded = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => Number(value.toFixed(3)));

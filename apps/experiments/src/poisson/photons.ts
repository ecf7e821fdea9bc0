import type { Random } from '@unrolled/contracts';
import { type Image, image } from '@unrolled/images';

/** Photons of one exposure, each of them put into one of two pictures by the toss of a coin: two exposures of half the length. */
export interface Halves {
  readonly first: Image;
  readonly second: Image;
}

/**
 * Thins a picture of counts. If y ~ Poisson(r) then the halves are independent and ~ Poisson(r/2): what is estimated from one is tested
 * by the other.
 */
export function halvePhotons({ data, height, width }: Image, random: Random): Halves {
  const first = data.map((count) => random.binomial(count, 0.5));
  const second = data.map((count, pixel) => count - first[pixel]!);
  return { first: image(first, { height, width }), second: image(second, { height, width }) };
}

/** Of the constant rate, in every estimate: a photon where none was expected is dear, and not infinitely so. */
const constantShare = 0.01;

/**
 * What an estimate of mean counts knows of other photons of the same scene, beyond that they are spread evenly: the gain in Poisson
 * log-likelihood over the constant rate, nats a photon.
 *
 *     ( Σ y log(r/r̄) − r + r̄ ) / Σ y
 *
 * @param estimate mean counts; mixed with one part in a hundred of their mean
 * @param counts photons that it has not seen
 */
export function likelihoodGain(estimate: Image, counts: Image): number {
  const photons = counts.data.reduce((sum, count) => sum + count, 0);
  const constant = photons / counts.data.length;
  const mean = estimate.data.reduce((sum, rate) => sum + Math.max(0, rate), 0) / estimate.data.length;
  let gain = 0;
  for (const [pixel, count] of counts.data.entries()) {
    const rate = (1 - constantShare) * Math.max(0, estimate.data[pixel]!) + constantShare * mean;
    gain += (count === 0 ? 0 : count * Math.log(rate / constant)) - rate + constant;
  }
  return gain / photons;
}

/** A picture smoothed by a Gaussian of this width, pixels; reflected at its edges. */
export function smoothed({ data, height, width }: Image, deviation: number): Image {
  const reach = Math.ceil(4 * deviation);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const reflected = (at: number, length: number): number => {
    const period = 2 * length;
    const inPeriod = ((at % period) + period) % period;
    return inPeriod < length ? inPeriod : period - 1 - inPeriod;
  };
  const along = (values: Float32Array, rows: boolean): Float32Array =>
    values.map((_, pixel) => {
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      let sum = 0;
      kernel.forEach((weight, offset) => {
        const other = rows
          ? reflected(row + offset - reach, height) * width + column
          : row * width + reflected(column + offset - reach, width);
        sum += weight * values[other]!;
      });
      return sum / total;
    });
  return image(along(along(data, true), false), { height, width });
}

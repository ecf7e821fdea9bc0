import { InvalidArgumentError } from 'commander';

/**
 * Strict readers of what stands behind an option. Each gives the value or throws commander's
 * `InvalidArgumentError`, which names the option and what was given.
 */

const secondsIn: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, μs: 1e-6 };

/** A duration with its unit (`3ms`, `600 ms`, `0.5s`, `200us`) in seconds, > 0. A bare number is refused: 3 what? */
export function duration(text: string): number {
  const match = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*([a-zµμ]*)$/i.exec(text.trim());
  const number = match ? Number(`${match[1]}${match[2] ?? ''}`) : Number.NaN;
  const unit = match?.[3] ?? '';
  if (match && unit === '') {
    throw new InvalidArgumentError(`Expected a duration with its unit: ${text.trim()}ms or ${text.trim()}s?`);
  }
  const seconds = number * (secondsIn[unit] ?? Number.NaN);
  if (!(seconds > 0 && Number.isFinite(seconds))) {
    throw new InvalidArgumentError('Expected a duration > 0 with its unit, such as 3ms, 0.5s or 200us.');
  }
  return seconds;
}

/** A whole number ≥ `least`, and ≤ `most` where there is such a bound. */
export const wholeNumber =
  (least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.POSITIVE_INFINITY ? `≥ ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };

/** A number > 0. */
export function positive(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number > 0.');
  return value;
}

/** A sampling rate in Hz, > 0: `15000`, `1e4`. */
export function rate(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError('Expected a sampling rate in Hz, a number > 0, such as 15000.');
  }
  return value;
}

/** `auto`, or how many units to look for. */
export function units(text: string): 'auto' | number {
  if (text === 'auto') return 'auto';
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('Expected auto or a whole number ≥ 1.');
  }
  return value;
}

/** Noise as one says it. */
export interface NoiseArgument {
  readonly family: 'gaussian' | 'poisson';
  /** σ in grey levels of 0 to 255, or the largest mean count. */
  readonly level: number;
}

/** `gaussian:SIGMA` or `poisson:PEAK`. */
export function noise(text: string): NoiseArgument {
  const match = /^(gaussian|poisson):([^:]+)$/.exec(text.trim());
  const level = match ? Number(match[2]!.trim() || Number.NaN) : Number.NaN;
  const [, family] = (match ?? []) as unknown as [string, NoiseArgument['family']];
  if (!(level > 0 && Number.isFinite(level))) {
    throw new InvalidArgumentError(
      'Expected gaussian:SIGMA, in grey levels of 0 to 255, or poisson:PEAK, the largest mean count; each > 0.',
    );
  }
  return { family, level };
}

/** Noise, or `auto`: to be estimated. */
export function noiseOrAuto(text: string): NoiseArgument | 'auto' {
  return text.trim() === 'auto' ? 'auto' : noise(text);
}

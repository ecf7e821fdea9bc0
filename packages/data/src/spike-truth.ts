import { UnrolledError } from '@unrolled/contracts';

/** Spikes that are known: of a simulation, or annotated by somebody. */
export interface SpikeTruth {
  /** Sampling rate in Hz, where it is said. */
  readonly rate: number | undefined;
  /** `[spikes]`, ascending, in samples counted from 0; may be fractional. */
  readonly times: Float64Array;
  /** `[spikes]`: who fired. Any whole numbers ≥ 0. */
  readonly units: Int32Array;
  /** `[spikes]`: what the unit's template is multiplied by, where it is said. */
  readonly amplitudes: Float64Array | undefined;
}

/**
 * Reads a truth file. A record with
 *
 * - `time_samples` or `beat_samples`: times in samples counted from 0, fractions kept, in any order;
 * - `unit`: who fired, one a time; without it all are of unit 0;
 * - `amplitude`: one a time, may be left out;
 * - `sampling_rate_hz`: may be left out.
 *
 * Anything else in it is ignored.
 *
 * @param json the text of the file
 * @throws INVALID_FILE where it is no such record, or a number in it is not what it should be, with its index
 * @example parseTruth('{ "time_samples": [12.5, 804], "unit": [0, 1] }').times // Float64Array [12.5, 804]
 */
export function parseTruth(json: string): SpikeTruth {
  const record = parseRecord(json);
  const name = 'time_samples' in record ? 'time_samples' : 'beat_samples';
  const times = numbers(name, record[name]);
  const units = 'unit' in record ? numbers('unit', record['unit'], times.length) : times.map(() => 0);
  const amplitudes =
    'amplitude' in record ? numbers('amplitude', record['amplitude'], times.length) : undefined;
  const rate = record['sampling_rate_hz'];
  if (rate !== undefined && !(typeof rate === 'number' && rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    fail(`sampling_rate_hz: expected a number > 0, found ${rate}`);
  }
  requireEach('unit', units, 'a whole number ≥ 0', (unit) => Number.isSafeInteger(unit) && unit >= 0);
  requireEach(name, times, 'a time ≥ 0', (time) => time >= 0);

  const order = times.map((_, index) => index).sort((a, b) => times[a]! - times[b]!);
  return Object.freeze({
    rate,
    times: Float64Array.from(order, (index) => times[index]!),
    units: Int32Array.from(order, (index) => units[index]!),
    amplitudes: amplitudes && Float64Array.from(order, (index) => amplitudes[index]!),
  });
}

/** Writes what `parseTruth` reads. */
export function encodeTruth({ rate, times, units, amplitudes }: SpikeTruth): string {
  return JSON.stringify({
    ...(rate !== undefined && { sampling_rate_hz: rate }),
    n_events: times.length,
    time_samples: Array.from(times),
    unit: Array.from(units),
    ...(amplitudes && { amplitude: Array.from(amplitudes) }),
  });
}

function parseRecord(json: string): { readonly [name: string]: unknown } {
  try {
    const record: unknown = JSON.parse(json);
    if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
      return record as { readonly [name: string]: unknown };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnrolledError('INVALID_FILE', `truth: expected JSON (${error.message})`, { cause: error });
  }
  fail('expected a JSON record');
}

function numbers(name: string, values: unknown, length?: number): number[] {
  if (!Array.isArray(values)) fail(`${name}: expected a list of numbers, found ${values}`);
  if (length !== undefined && values.length !== length) {
    fail(`${name}: expected ${length} numbers, one a time, found ${values.length}`);
  }
  requireEach(name, values, 'a number', (value) => typeof value === 'number');
  return values;
}

function requireEach<V>(
  name: string,
  values: readonly V[],
  expected: string,
  holds: (value: V) => boolean,
): void {
  const index = values.findIndex((value) => !holds(value));
  if (index >= 0) fail(`${name}: expected ${expected}, found ${values[index]} at index ${index}`);
}

function fail(message: string): never {
  throw new UnrolledError('INVALID_FILE', `truth: ${message}`);
}

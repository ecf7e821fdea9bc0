import { UnrolledError } from '@unrolled/contracts';

/** What `params.py` says: where the samples are, and how to read them. */
export interface PhyParams {
  /** The recording: an absolute path, or one relative to the folder. Undefined where no file holds plain samples. */
  readonly recording: string | undefined;
  readonly channels: number;
  /** As numpy names it: `int16`, `float32`. */
  readonly dtype: string;
  /** Bytes before the first sample: a .npy file's header. */
  readonly byteOffset: number;
  /** Hz. */
  readonly rate: number;
}

/** The text of `params.py`: assignments of Python literals, which Phy and SpikeInterface execute. */
export function formatParams(params: PhyParams): string {
  return [
    `dat_path = ${params.recording === undefined ? '[]' : pythonString(params.recording)}`,
    `n_channels_dat = ${params.channels}`,
    `dtype = ${pythonString(params.dtype)}`,
    `offset = ${params.byteOffset}`,
    `sample_rate = ${Number.isInteger(params.rate) ? params.rate.toFixed(1) : params.rate}`,
    'hp_filtered = False',
    '',
  ].join('\n');
}

/**
 * The sampling rate (Hz) in the text of a `params.py`. Nothing is executed: the one line that we need is looked for.
 *
 * @throws UnrolledError INVALID_FILE
 */
export function parseSampleRate(text: string): number {
  const value = /^\s*sample_rate\s*=\s*([\d_.eE+-]+)\s*(?:#.*)?$/m.exec(text)?.[1]?.replaceAll('_', '');
  const rate = Number(value);
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new UnrolledError('INVALID_FILE', 'expected a line "sample_rate = …" with a number > 0');
  }
  return rate;
}

/** A JSON string is a Python string too, once nothing but ASCII is left in it: `exec` reads in the locale's encoding. */
function pythonString(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/gu,
    (character) => `\\U${character.codePointAt(0)!.toString(16).padStart(8, '0')}`,
  );
}

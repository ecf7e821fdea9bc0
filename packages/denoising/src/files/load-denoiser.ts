import { refuse, requireKnownOptions, UnrolledError } from '@unrolled/contracts';
import { type NdArray, parseSafetensors, readNpzArchive } from '@unrolled/formats';
import type { Noise } from '../noise/noise.ts';
import { type ModelDescription, parseDescription } from './description.ts';
import { type ModelDenoiser, modelDenoiser } from './model-denoiser.ts';
import { requireParameters } from './parameters.ts';

/**
 * The denoiser in a file: `.safetensors` with its description in the header, or `.npz` with it in `config.json`, told apart by their
 * first bytes.
 *
 * Tensors are `operator.filters` `[height, width, channels, atoms]` (cross-correlation in the analysis), `prior.weight` `[atoms]`, b;
 * untied `analysis.filters` and `decoder.filters` of the same shape; and, where the network has them, `likelihood.baseline` `[]` and
 * `step` `[]` (default 1). The network is the one that they were trained in, its step and its biases as they are: nothing is normalised,
 * clamped or added.
 *
 * @param bytes the whole file
 * @param options.noise what the network was trained under, where the file does not say: of its family
 * @throws INVALID_FILE for what is no such file, for metadata or tensors that are missing or unknown, INVALID_SHAPE, INVALID_DTYPE,
 *   NOT_FINITE; each says what was given and what is expected
 * @example const denoiser = await loadDenoiser(readFileSync('dcea-peak-4.safetensors'));
 */
export async function loadDenoiser(
  bytes: Uint8Array,
  options: { readonly noise?: Noise } = {},
): Promise<ModelDenoiser> {
  requireKnownOptions('loadDenoiser', options, ['noise']);
  if (!(bytes instanceof Uint8Array)) refuse('bytes', bytes, 'the bytes of a file');
  const { tensors, metadata } = isZip(bytes) ? readArchive(bytes) : parseSafetensors(bytes);
  const description = parseDescription(metadata);
  requireFitting(description, options.noise);
  return modelDenoiser(description, requireParameters(tensors), options.noise);
}

interface Content {
  readonly tensors: { readonly [name: string]: NdArray };
  readonly metadata: { readonly [name: string]: unknown };
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

function readArchive(bytes: Uint8Array): Content {
  const { arrays, files } = readNpzArchive(bytes);
  const config = files['config.json'];
  if (!config) {
    const found = [...Object.keys(arrays), ...Object.keys(files)].join(', ') || 'nothing';
    throw new UnrolledError('INVALID_FILE', `npz: expected config.json in the archive, got ${found}`);
  }
  const metadata = parseJson(config);
  if (metadata === null || typeof metadata !== 'object' || Array.isArray(metadata))
    throw new UnrolledError('INVALID_FILE', 'config.json: expected an object');
  return { tensors: arrays, metadata: metadata as Content['metadata'] };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnrolledError('INVALID_FILE', `config.json: expected JSON (${reason})`, { cause });
  }
}

function requireFitting({ likelihood }: ModelDescription, noise: Noise | undefined): void {
  if (noise && noise.family !== likelihood)
    refuse('noise', noise.name, `${likelihood} noise, the likelihood of the file`);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import { type NdArray, parseSafetensors } from '@unrolled/formats';
import type { FloatArray, Learned } from '@unrolled/spikes';
import { z } from 'zod';
import { parseFile, requireFolder } from '../files/parse-file.ts';
import { readArray } from '../phy/read.ts';
import { learnedSchema, networkFile } from './schema.ts';

/**
 * What `learn` wrote: the templates of a folder, and the network and front end that they were learned with.
 *
 * @throws UnrolledError INVALID_FILE, naming the file that is missing or not as `learn` writes it
 */
export function readLearned(folder: string): Learned {
  requireFolder(folder);
  const path = join(folder, networkFile);
  if (!existsSync(path)) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${folder}: expected a folder that learn wrote, it has no ${networkFile}`,
    );
  }
  const refuseFile = (what: string): never => {
    throw new UnrolledError('INVALID_FILE', `${path}: ${what}`);
  };
  const { tensors, metadata } = parseFile(path, parseSafetensors);
  const scalars = learnedSchema.safeParse(parseJson(metadata['unrolled.learned']));
  if (!scalars.success) return refuseFile(z.prettifyError(scalars.error));
  const { version: _, frontEnd, ...rest } = scalars.data;

  const tensor = <D extends 'float32' | 'float64'>(
    name: string,
    dtype: D,
    shape: readonly number[],
  ): NdArray<D> => {
    const array = tensors[name];
    const fits =
      array?.shape.length === shape.length && shape.every((size, axis) => size === array.shape[axis]);
    if (array?.dtype !== dtype || !fits)
      return refuseFile(`expected ${name}, ${dtype} [${shape.join(', ')}]`);
    return array as NdArray<D>;
  };

  const templates = floatArray(folder, 'templates.npy');
  const [units, time, channels] = templates.shape;
  if (channels !== frontEnd.channels || units !== rest.peaks.length) {
    refuseFile(`does not belong to templates.npy of shape [${templates.shape.join(', ')}]`);
  }
  const used = frontEnd.usedChannels.length;
  const filters = tensor('operator.filters', 'float32', [time!, used, units!]);
  const { data: whitening } = tensor('front.whitening', 'float64', [used, used]);
  return {
    ...rest,
    frontEnd: {
      ...frontEnd,
      band: { ...frontEnd.band, half: tensor('front.band', 'float64', [frontEnd.band.reach + 1]).data },
      offsets: [...tensor('front.offsets', 'float64', [used]).data],
      noise: [...tensor('front.noise', 'float64', [used]).data],
      whitening: Array.from({ length: used }, (_, row) => [
        ...whitening.subarray(row * used, (row + 1) * used),
      ]),
    },
    filters: { data: filters.data, shape: filters.shape },
    weights: [...tensor('prior.weight', 'float64', [units!]).data],
    templates,
  };
}

function floatArray(folder: string, name: string): FloatArray {
  const { data, shape, dtype } = readArray(folder, name);
  if (dtype !== 'float32' || shape.length !== 3) {
    throw new UnrolledError(
      'INVALID_FILE',
      `${join(folder, name)}: expected float32 [units, time, channels], got ${dtype} [${shape.join(', ')}]`,
    );
  }
  return { data: data as Float32Array, shape };
}

/** Undefined where there is no JSON: the schema says what is wrong with that. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { symlinkSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { encodeNpy, type NdArray, ndArray } from '@unrolled/formats';
import type { SortedSpikes } from '@unrolled/spikes';
import { formatParams, type PhyParams } from './params.ts';
import { templateSimilarity } from './similarity.ts';

/** Distance of neighbouring channels, µm, where a recording does not say where its electrodes are: one line of them. */
const assumedPitch = 20;

/**
 * Writes a sorting as the folder that Phy and SpikeInterface open.
 *
 * Templates are in the recording's own units: nothing is whitened, so the whitening matrices are the identity, and an
 * amplitude is what the template is multiplied by. Every channel of the recording is in the channel map; a channel that
 * was left out is zero in the templates.
 *
 * @returns the names of the files that it wrote
 * @see https://phy.readthedocs.io/en/latest/sorting_user_guide/ and phylib's `TemplateModel`, which reads the folder
 */
export function writePhyFolder(folder: string, sorted: SortedSpikes, params: PhyParams): string[] {
  const { channels } = sorted;
  // One at a time: where there are millions of spikes, each is as large as all that a sorting needs.
  const arrays: Readonly<Record<string, () => NdArray>> = {
    'templates.npy': () => ndArray(sorted.templates.data, sorted.templates.shape),
    'spike_times.npy': () => ndArray(BigInt64Array.from(sorted.times, BigInt)),
    'spike_clusters.npy': () => ndArray(sorted.units),
    'spike_templates.npy': () => ndArray(sorted.units),
    'amplitudes.npy': () => ndArray(new Float64Array(sorted.amplitudes)),
    'channel_map.npy': () => ndArray(Int32Array.from({ length: channels }, (_, channel) => channel)),
    'channel_positions.npy': () => ndArray(positionsOnALine(channels), [channels, 2]),
    'similar_templates.npy': () => similarity(sorted),
    'whitening_mat.npy': () => identity(channels),
    'whitening_mat_inv.npy': () => identity(channels),
  };
  for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, name), encodeNpy(array()));

  const { recording, link } = reachable(folder, params);
  writeFileSync(join(folder, 'params.py'), formatParams({ ...params, recording }));
  writeFileSync(join(folder, 'cluster_group.tsv'), clusterGroups(sorted));
  return [...Object.keys(arrays), 'params.py', 'cluster_group.tsv', ...link];
}

/**
 * A recording that Phy reads under its own name, or a link to it that ends in `.dat`.
 *
 * Phy knows flat files by their extension, and fails on a .npy file of one axis. Through a link with a name that it knows
 * it reads both by offset. Where links cannot be made the name stays as it is: SpikeInterface does not mind.
 */
function reachable(
  folder: string,
  { recording, channels }: PhyParams,
): { recording?: string; link: string[] } {
  if (recording === undefined) return { link: [] };
  const readable = ['.dat', '.bin', '.raw', ...(channels > 1 ? ['.npy'] : [])];
  if (readable.includes(extname(recording))) return { recording, link: [] };
  const link = 'recording.dat';
  try {
    symlinkSync(recording, join(folder, link));
    return { recording: link, link: [link] };
  } catch {
    return { recording, link: [] };
  }
}

function clusterGroups({ templates }: SortedSpikes): string {
  const rows = Array.from({ length: templates.shape[0]! }, (_, unit) => `${unit}\tunsorted`);
  return `${['cluster_id\tgroup', ...rows].join('\n')}\n`;
}

function similarity({ templates }: SortedSpikes): NdArray {
  const { data, shape } = templateSimilarity(templates);
  return ndArray(data, shape);
}

function positionsOnALine(channels: number): Float64Array {
  return Float64Array.from({ length: 2 * channels }, (_, index) =>
    index % 2 === 0 ? 0 : assumedPitch * ((index - 1) / 2),
  );
}

function identity(size: number): NdArray {
  const matrix = Float64Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0));
  return ndArray(matrix, [size, size]);
}

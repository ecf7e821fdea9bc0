import { requireAllFinite } from '@unrolled/contracts';
import type { Recording } from '@unrolled/data';
import { median, robustDeviation } from '@unrolled/metrics';
import { bandPass } from './band-pass.ts';
import { conditioned, type FrontEnd, whiten } from './front-end.ts';
import { quietSamples } from './quiet.ts';
import type { Piece } from './training-pieces.ts';
import { whiteningFilter, whiteningMatrix } from './whitening.ts';

/** Values that a median is taken of: more change nothing. */
const ENOUGH = 200_000;

/**
 * Learns what conditions a recording from pieces of it: which channels are not constant, their offsets and noise levels, how
 * their background is correlated across channels and over time. All of it takes nothing but what is mostly noise. In the end
 * each channel is scaled so that its robust deviation is 1.
 *
 * @throws NOT_FINITE where a piece holds NaN or infinity
 */
export async function learnFrontEnd(
  recording: Recording,
  pieces: readonly Piece[],
  { duration, rate }: { readonly duration: number; readonly rate: number },
): Promise<FrontEnd> {
  const { channels } = recording;
  const length = Math.round(duration * rate);
  const { usedChannels, offsets } = await channelsInUse(recording, pieces);
  const used = usedChannels.length;
  const plain: FrontEnd = {
    rate,
    channels,
    usedChannels,
    band: bandPass(duration, rate),
    offsets,
    noise: offsets.map(() => 1),
    whitening: offsets.map((_, row) => offsets.map((_, column) => (row === column ? 1 : 0))),
    whiteningFilter: { half: Float64Array.of(1) },
  };
  if (used === 0) return Object.freeze(plain);

  const through = conditioned(recording, plain);
  const filtered: Float32Array[] = [];
  for (const { start, end } of pieces) filtered.push(await through.filtered(start, end));
  const noise = offsets.map((_, place) => spread(sampled(filtered, place, used)));

  const scaled = filtered.map((signal) => whiten(signal, { ...plain, noise }));
  const quiet = scaled.map((signal) => quietSamples(signal, used, length));
  const across = whiteningMatrix(scaled, quiet, used);
  const unmixed = filtered.map((signal) => whiten(signal, { ...plain, noise, whitening: across }));
  const overTime = whiteningFilter(unmixed, quiet, used, length);

  const white = { ...plain, noise, whitening: across, whiteningFilter: overTime };
  const flat = filtered.map((signal) => whiten(signal, white));
  const whitening = across.map((row, place) => {
    const deviation = spread(sampled(flat, place, used));
    return row.map((value) => value / deviation);
  });
  return Object.freeze({ ...white, whitening });
}

async function channelsInUse(recording: Recording, pieces: readonly Piece[]) {
  const raw: Float32Array[] = [];
  for (const { start, end } of pieces) {
    const values = await recording.read(start, end);
    requireAllFinite(recording.name, values);
    raw.push(values);
  }
  const usedChannels: number[] = [];
  const offsets: number[] = [];
  for (let channel = 0; channel < recording.channels; channel++) {
    const values = sampled(raw, channel, recording.channels);
    if (values.every((value) => value === values[0])) continue;
    usedChannels.push(channel);
    offsets.push(median(values));
  }
  return { usedChannels, offsets };
}

/** Robust deviation; of a signal that is zero most of the time, the plain one. Never 0. */
function spread(values: Float64Array): number {
  const robust = robustDeviation(values);
  if (robust > 0) return robust;
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length)) || 1;
}

/** Values of one channel, evenly over all pieces: at most `ENOUGH`, or a few more. */
function sampled(pieces: readonly Float32Array[], channel: number, channels: number): Float64Array {
  const total = pieces.reduce((sum, piece) => sum + piece.length / channels, 0);
  const stride = Math.max(1, Math.floor(total / ENOUGH));
  const values: number[] = [];
  for (const piece of pieces) {
    for (let i = channel; i < piece.length; i += stride * channels) values.push(piece[i]!);
  }
  return Float64Array.from(values);
}

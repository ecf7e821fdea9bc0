import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, emptyOnHeap, withScratch } from '../memory/heap.ts';
import { kernels } from '../module/kernels.ts';
import { requireAlike, rowValues, withRows } from './rows.ts';

/** Three rows of as many numbers as there are atoms, or of one: how far below and above 0 entries become 0, and the slope beyond. */
export interface ShrinkageRows {
  readonly below: Tensor;
  readonly above: Tensor;
  readonly slope: Tensor;
}

/**
 * slope · (v − min(max(v, −below), above)) of v = z + step · gradient, in one pass over the memory.
 *
 * Where below + above < 0, so that there is no zone of zeros, v > 0 gives slope · (v − above) and v < 0 slope · (v + below).
 *
 * @param z `[…, atoms]`
 * @param gradient of the shape of z
 * @param step one number
 * @returns a fresh tensor of the shape of z; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function shrinkageStep(
  z: Tensor,
  gradient: Tensor,
  step: Tensor,
  { below, above, slope }: ShrinkageRows,
): Tensor | undefined {
  const atoms = requireAlike(z, gradient);
  const [length] = rowValues([step], 1);
  const [belows, aboves, slopes] = rowValues([below, above, slope], atoms) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap(z.shape);
  const hasZone = belows.map((low, atom) => (low + aboves[atom]! >= 0 ? 1 : 0));
  const high = aboves.map((value, atom) => (hasZone[atom] ? value : 0));
  const low = belows.map((value, atom) => (hasZone[atom] ? -value : 0));
  withRows([aboves, belows, high, low, slopes], (rows, period) => {
    compiled.shrinkageStep(
      addressOf(z),
      addressOf(gradient),
      addressOf(out),
      z.size,
      period,
      length![0]!,
      rows,
    );
  });
  return out;
}

/**
 * dy times the derivative of a shrinkage whose result is `result`: the slope where that is not 0, and 0 where it is, unless
 * below + above ≤ 0, so that there is no zone of zeros.
 *
 * @param dy `[…, atoms]`
 * @param result of the shape of dy
 * @returns a fresh tensor of the shape of dy; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function shrinkageDerivative(
  dy: Tensor,
  result: Tensor,
  { below, above, slope }: ShrinkageRows,
): Tensor | undefined {
  const atoms = requireAlike(dy, result);
  const [belows, aboves, outside] = rowValues([below, above, slope], atoms) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap(dy.shape);
  const inside = outside.map((value, atom) => (belows[atom]! + aboves[atom]! > 0 ? 0 : value));
  withRows([outside, inside], (rows, period) => {
    compiled.scaleBySupport(addressOf(dy), addressOf(result), addressOf(out), dy.size, period, rows);
  });
  return out;
}

/**
 * The sum of dy over all entries of an atom whose result is > 0 (side 1) or < 0 (side −1).
 *
 * @param dy `[…, atoms]`
 * @param result of the shape of dy
 * @returns `[atoms]`, a fresh tensor; undefined where this engine cannot run the kernels
 * @throws RangeError for shapes that do not fit
 */
export function sumSide(dy: Tensor, result: Tensor, side: 1 | -1): Tensor | undefined {
  const atoms = requireAlike(dy, result);
  const compiled = kernels();
  if (!compiled) return undefined;
  const out = emptyOnHeap([atoms]);
  withScratch(3 * 16 * atoms, (scratch) => {
    compiled.sumSide(addressOf(dy), addressOf(result), addressOf(out), dy.size, atoms, side, scratch);
  });
  return out;
}

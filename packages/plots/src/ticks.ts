import { brief } from './extent.ts';

/** Decades on a logarithmic axis, with 2 and 5 times them where there are few; as many round numbers as fit on a linear one. */
export function ticksOf([low, high]: readonly [number, number], scale: 'linear' | 'log', count: number) {
  if (scale === 'linear') {
    const largest = Math.max(Math.abs(low), Math.abs(high));
    return largest >= 1e5 || largest < 1e-2 ? { ticks: count, tickFormat: brief } : { ticks: count };
  }
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, index) => first + index);
  // Through text, since 5 · 10 ** −3 is not 0.005.
  const between = (digits: readonly number[]): number[] =>
    powers
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((tick) => tick >= low && tick <= high);
  const decades = between([1]);
  const every = Math.ceil(decades.length / Math.max(2, count));
  const ticks = decades.length > 3 ? decades.filter((_, index) => index % every === 0) : between([1, 2, 5]);
  return { ticks, tickFormat: brief };
}

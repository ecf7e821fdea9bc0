import { describe, expect, it } from 'vitest';
import { enoughPieces } from '../src/front/enough-pieces.ts';

describe('enoughPieces', () => {
  it('keeps all where spikes are few, and evenly spaced ones where they are dense', () => {
    expect(enoughPieces(4, 0)).toEqual([0, 1, 2, 3]);
    expect(enoughPieces(4, 5000)).toEqual([0, 1, 2, 3]);
    expect(enoughPieces(8, 20_000)).toEqual([0, 4]);
    expect(enoughPieces(3, 1e9)).toEqual([0]);
  });
});

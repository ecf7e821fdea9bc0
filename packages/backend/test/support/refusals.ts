import { isUnrolledError } from '@unrolled/contracts';
import { describe, expect, it, test } from 'vitest';

/** Calls that are to be refused, by the function that refuses them: what the message names, and the call. */
export interface Refusals {
  readonly [name: string]: readonly (readonly [names: string, call: () => unknown])[];
}

/** Every call is refused by an UnrolledError that names what was wrong, and no function of the package is left out. */
export function expectRefusals(refusals: Refusals, everything: object): void {
  describe.each(Object.entries(refusals))('%s refuses', (_, list) => {
    it.each(list.map(([names, call]) => ({ names, call })))('$names', async ({ names, call }) => {
      let thrown: unknown;
      try {
        await call();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toSatisfy((error) => isUnrolledError(error));
      expect((thrown as Error).message).toContain(names);
    });
  });

  test('every function of the package is examined', () => {
    const functions = Object.entries(everything).filter(([, value]) => typeof value === 'function');
    expect(Object.keys(refusals).sort()).toEqual(functions.map(([name]) => name).sort());
  });
}

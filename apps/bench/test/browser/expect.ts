// What the trials of wasm-kernels use of vitest's `expect`, which runs in no page: the bundle has this in its place.

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function hold(claim: string, holds: boolean): void {
  if (!holds) throw new Error(claim);
}

/** As vitest's, with the matchers that are needed. */
export const expect = Object.assign(
  (found: unknown) => ({
    toBe: (wanted: unknown) => hold(`${found} is ${wanted}`, Object.is(found, wanted)),
    toEqual: (wanted: unknown) => hold(`${found} equals ${wanted}`, same(found, wanted)),
    toBeLessThan: (bound: number) => hold(`${found} < ${bound}`, (found as number) < bound),
    not: { toBe: (wanted: unknown) => hold(`${found} is not ${wanted}`, !Object.is(found, wanted)) },
  }),
  { fail: (message: string) => hold(message, false) },
);

/** Shared by every copy of this package: what a task returns is read by the copy that started it. */
const mark = Symbol.for('@unrolled/parallel moving');

/** A value that hands its buffers over. */
export interface Moving<Value> {
  readonly [mark]: Value;
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * A result whose buffers are handed over to whoever waits for it, not copied: the worker has them no longer.
 *
 * @param transfer array buffers that `value` holds, each once
 * @example return moving({ values }, [values.buffer]);
 */
export function moving<Value>(value: Value, transfer: readonly ArrayBuffer[]): Moving<Value> {
  return Object.freeze({ [mark]: value, transfer });
}

/** What was returned, and what of it is handed over. */
export function unmoved<Value>(returned: Value | Moving<Value>): {
  readonly value: Value;
  readonly transfer: readonly ArrayBuffer[];
} {
  return isMoving(returned)
    ? { value: returned[mark], transfer: returned.transfer }
    : { value: returned, transfer: [] };
}

function isMoving<Value>(returned: Value | Moving<Value>): returned is Moving<Value> {
  return typeof returned === 'object' && returned !== null && mark in returned;
}

import { type CodeGrid, refuse, requireInteger, requireShape } from '@unrolled/contracts';

/** By how much a signal is shifted against the positions of its code: one whole number an axis, 0 … stride − 1. */
export type Shift = readonly number[];

/** All shifts that are different from each other: s₁·s₂ for the strides s₁ and s₂, the last axis fastest. */
export function allShifts({ stride }: CodeGrid): readonly Shift[] {
  const shifts = stride.reduce<readonly Shift[]>(
    (known, length) => known.flatMap((shift) => Array.from({ length }, (_, next) => [...shift, next])),
    [[]],
  );
  return Object.freeze(shifts.map((shift) => Object.freeze(shift)));
}

/** Refuses shifts that these strides do not have, and none at all. */
export function requireShifts(shifts: readonly Shift[], { stride }: CodeGrid): readonly Shift[] {
  if (!Array.isArray(shifts) || shifts.length === 0) refuse('shifts', shifts, 'at least one shift');
  for (const [index, shift] of shifts.entries()) {
    const name = `shifts[${index}]`;
    if (!Array.isArray(shift)) refuse(name, shift, 'a whole number for each axis');
    requireShape(name, [shift.length], [stride.length], 'a whole number for each axis');
    for (const [axis, distance] of shift.entries()) {
      if (requireInteger(`${name}[${axis}]`, distance, 0) >= stride[axis]!)
        refuse(
          `${name}[${axis}]`,
          distance,
          `at most ${stride[axis]! - 1}, as the stride is ${stride[axis]}`,
        );
    }
  }
  return shifts;
}

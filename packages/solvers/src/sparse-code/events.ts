/** Entries of a code that are not zero, ascending in position, then in atom; one to an index. */
export interface Events {
  readonly positions: Int32Array;
  readonly atoms: Int32Array;
  /** As exact as whoever found them. */
  readonly values: Float32Array | Float64Array;
}

/** Events of a whole signal, found stretch by stretch. */
export interface EventStore {
  /** Views of those at positions `from` to `to` (exclusive), until the next change. */
  between(from: number, to: number): Events;
  /** Puts others in the place of all those at positions `from` to `to` (exclusive). */
  replace(from: number, to: number, events: Events): void;
  /** All of them, copied. */
  all(): { readonly positions: Int32Array; readonly atoms: Int32Array; readonly values: Float32Array };
}

/** A store with nothing in it. */
export function eventStore(): EventStore {
  let positions = new Int32Array(1024);
  let atoms = new Int32Array(1024);
  let values = new Float64Array(1024);
  let length = 0;

  const reserve = (needed: number): void => {
    if (needed <= positions.length) return;
    const size = Math.max(needed, 2 * positions.length);
    [positions, atoms, values] = [positions, atoms, values].map((array) => {
      const larger = array instanceof Int32Array ? new Int32Array(size) : new Float64Array(size);
      larger.set(array);
      return larger;
    }) as [typeof positions, typeof atoms, typeof values];
  };
  /** The first index whose position is not below this one. */
  const indexOf = (position: number): number => {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (positions[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return Object.freeze<EventStore>({
    between: (from, to) => {
      const [start, end] = [indexOf(from), indexOf(to)];
      return {
        positions: positions.subarray(start, end),
        atoms: atoms.subarray(start, end),
        values: values.subarray(start, end),
      };
    },
    replace: (from, to, events) => {
      const [start, end] = [indexOf(from), indexOf(to)];
      const behind = start + events.positions.length;
      reserve(behind + length - end);
      for (const array of [positions, atoms, values]) array.copyWithin(behind, end, length);
      positions.set(events.positions, start);
      atoms.set(events.atoms, start);
      values.set(events.values, start);
      length += behind - end;
    },
    all: () => ({
      positions: positions.slice(0, length),
      atoms: atoms.slice(0, length),
      values: Float32Array.from(values.subarray(0, length)),
    }),
  });
}

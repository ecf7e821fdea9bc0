/**
 * Writes the numbers of a code that are not zero: their positions, their atoms and their values, one behind the other in three
 * arrays of `capacity` entries.
 *
 * @returns how many there are
 */
export function writeEvents(code: usize, first: i32, end: i32, atoms: i32, to: usize, capacity: i32): i32 {
  let count = 0;
  const stop = end * atoms;
  for (let entry = first * atoms; entry < stop; entry += 4) {
    const at = code + (<usize>entry << 2);
    // Rows behind the last one are zero, so that looking a little too far finds nothing that is not there.
    if (!v128.any_true(v128.load(at))) continue;
    for (let lane = entry; lane < min(entry + 4, stop); lane++) {
      const value = load<f32>(code + (<usize>lane << 2));
      if (value == 0) continue;
      const slot = to + (<usize>count << 2);
      store<i32>(slot, lane / atoms);
      store<i32>(slot + (<usize>capacity << 2), lane % atoms);
      store<f32>(slot + (<usize>capacity << 3), value);
      count++;
    }
  }
  return count;
}

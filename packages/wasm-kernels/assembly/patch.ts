// Patches of an image: `runs` runs of `run` numbers, one behind the other here, and `line` bytes apart in the image.

/** image += patch. Column of vectors by column, so that no two accesses in a row are to the same line. */
export function addToImage(patch: usize, run: i32, runs: i32, image: usize, line: usize): void {
  const pitch = <usize>run << 2;
  const end = patch + pitch * <usize>runs;
  let at: usize = 0;
  for (; at + 16 <= pitch; at += 16) {
    let to = image + at;
    for (let from = patch + at; from < end; from += pitch, to += line)
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  for (; at < pitch; at += 4) {
    let to = image + at;
    for (let from = patch + at; from < end; from += pitch, to += line)
      store<f32>(to, load<f32>(to) + load<f32>(from));
  }
}

/** patch = image. */
export function copyFromImage(image: usize, line: usize, run: i32, runs: i32, patch: usize): void {
  const pitch = <usize>run << 2;
  const end = patch + pitch * <usize>runs;
  let at: usize = 0;
  for (; at + 16 <= pitch; at += 16) {
    let from = image + at;
    for (let to = patch + at; to < end; to += pitch, from += line) v128.store(to, v128.load(from));
  }
  for (; at < pitch; at += 4) {
    let from = image + at;
    for (let to = patch + at; to < end; to += pitch, from += line) store<f32>(to, load<f32>(from));
  }
}

/** The columns of a matrix [rows, columns] one behind the other, `pitch` numbers apart: what is behind a column is 0. */
export function transpose(matrix: usize, rows: i32, columns: i32, pitch: i32, to: usize): void {
  memory.fill(to, 0, <usize>(columns * pitch) << 2);
  for (let column = 0; column < columns; column++) {
    let from = matrix + (<usize>column << 2);
    let at = to + (<usize>(column * pitch) << 2);
    for (let row = 0; row < rows; row++) {
      store<f32>(at, load<f32>(from));
      from += <usize>columns << 2;
      at += 4;
    }
  }
}

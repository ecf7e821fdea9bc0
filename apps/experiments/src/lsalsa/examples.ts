import type { HostExamples } from '@unrolled/unroll';

/** Rows `[rows, features]` of one size below each other. */
export function stacked(rows: readonly Float32Array[]): HostExamples {
  const features = rows[0]!.length;
  const data = new Float32Array(rows.length * features);
  for (const [index, row] of rows.entries()) data.set(row, index * features);
  return { data, shape: [rows.length, features] };
}

/** Rows from … to, without the last one. */
export function slice({ data, shape }: HostExamples, from: number, to: number): HostExamples {
  const [rows, width] = shape as [number, number];
  const end = Math.min(to, rows);
  return { data: data.slice(from * width, end * width), shape: [end - from, width] };
}

/** The first columns, or those between. */
export function columns({ data, shape }: HostExamples, from: number, to: number): HostExamples {
  const [rows, width] = shape as [number, number];
  const part = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; row++)
    part.set(data.subarray(row * width + from, row * width + to), row * (to - from));
  return { data: part, shape: [rows, to - from] };
}

/** a + b + …, entry by entry. */
export function sum(parts: readonly HostExamples[]): HostExamples {
  const data = new Float32Array(parts[0]!.data.length);
  for (const part of parts) {
    part.data.forEach((value, index) => {
      data[index]! += value;
    });
  }
  return { data, shape: parts[0]!.shape };
}

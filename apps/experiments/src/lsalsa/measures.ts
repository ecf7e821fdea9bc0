import { psnr } from '@unrolled/metrics';
import type { HostExamples } from '@unrolled/unroll';
import type { Probe, Scenario } from './scenario.ts';

/** How good codes are. */
export interface CodeMeasures {
  /** √mean (x − x*)², over all entries of all examples. */
  readonly rmse: number;
  /** ‖x − x*‖ / ‖x*‖, all examples together. */
  readonly relative: number;
  /** The fraction of exact zeros in what is reported as sparse. */
  readonly sparsity: number;
  /** Sparsity and RMSE of some single examples. */
  readonly cloud: readonly (readonly [number, number])[];
  /** Of every component, dB, all examples together. */
  readonly psnr: readonly number[];
  /** The fraction that the classifier of the optimal codes gets wrong. */
  readonly misclassified?: number;
}

const cloudSize = 200;

/** Measures the codes of the test signals; `sparse` are the same with exact zeros. */
export function measure(scenario: Scenario, codes: HostExamples, sparse: HostExamples): CodeMeasures {
  const { test, probe } = scenario;
  const [examples, width] = codes.shape as [number, number];
  let [difference, size, zeros] = [0, 0, 0];
  const cloud: [number, number][] = [];
  for (let example = 0; example < examples; example++) {
    let [own, none] = [0, 0];
    for (let j = example * width; j < (example + 1) * width; j++) {
      own += (codes.data[j]! - test.targets.data[j]!) ** 2;
      size += test.targets.data[j]! ** 2;
      if (sparse.data[j] === 0) none++;
    }
    difference += own;
    zeros += none;
    if (example < cloudSize) cloud.push([round(none / width), round(Math.sqrt(own / width))]);
  }
  return {
    rmse: Math.sqrt(difference / (examples * width)),
    relative: Math.sqrt(difference / size),
    sparsity: zeros / (examples * width),
    cloud,
    psnr: scenario.components.map((clean, index) =>
      psnr(clean.data, componentOf(scenario, codes, index).data),
    ),
    ...(probe && { misclassified: misclassified(probe, codes, scenario.atoms[0]!.shape[1]!) }),
  };
}

export const round = (value: number): number => Number(value.toPrecision(4));

/** A_i x_i of the first examples. */
export function componentOf(
  { atoms }: Scenario,
  codes: HostExamples,
  source: number,
  examples = codes.shape[0]!,
): HostExamples {
  const width = codes.shape[1]!;
  const start = atoms.slice(0, source).reduce((total, { shape }) => total + shape[1]!, 0);
  const { data, shape } = atoms[source]!;
  const [features, count] = shape as [number, number];
  const parts = new Float32Array(examples * features);
  for (let example = 0; example < examples; example++) {
    for (let j = 0; j < count; j++) {
      const x = codes.data[example * width + start + j]!;
      if (x === 0) continue;
      for (let k = 0; k < features; k++) parts[example * features + k]! += x * data[k * count + j]!;
    }
  }
  return { data: parts, shape: [examples, features] };
}

/** The fraction of pictures whose class a linear classifier of codes gets wrong. */
export function misclassified(probe: Probe, codes: HostExamples, used: number): number {
  const [rows, classes] = probe.weights.shape as [number, number];
  const { data } = probe.weights;
  const width = codes.shape[1]!;
  const pictures = probe.labels.shape[0]!;
  let wrong = 0;
  for (let picture = 0; picture < pictures; picture++) {
    const scores = data.slice((rows - 1) * classes, rows * classes);
    for (let part = 0; part < probe.group; part++) {
      for (let j = 0; j < used; j++) {
        const x = codes.data[(picture * probe.group + part) * width + j]!;
        if (x === 0) continue;
        const row = (part * used + j) * classes;
        for (let c = 0; c < classes; c++) scores[c]! += x * data[row + c]!;
      }
    }
    if (scores.indexOf(Math.max(...scores)) !== probe.labels.data[picture]) wrong++;
  }
  return wrong / pictures;
}

import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { encodeSafetensors, type NdArray, ndArray, parseSafetensors } from '@unrolled/formats';
import type { Source } from '@unrolled/lsalsa';
import type { HostExamples } from '@unrolled/unroll';
import { fileStore } from '@unrolled/unroll/node';

/** Signals, and the codes that are to be found. */
export interface Half {
  readonly signals: HostExamples;
  readonly targets: HostExamples;
}

/** Weights `[code + 1, classes]` of a classifier of the optimal codes, the last row the offset; `group` signals are one picture. */
export interface Probe {
  readonly weights: HostExamples;
  readonly labels: HostExamples;
  readonly group: number;
}

/** Everything that the four methods are compared on. */
export interface Scenario {
  readonly atoms: readonly HostExamples[];
  /** α_i*, of the optimal codes. */
  readonly weights: readonly number[];
  /** μ*. */
  readonly penalty: number;
  readonly train: Half;
  readonly test: Half;
  /** The parts that the test signals are made of, where there are several. */
  readonly components: readonly HostExamples[];
  /** Classifies the codes of the first source. */
  readonly probe?: Probe;
}

/** Writes a scenario for the workers to read. */
export async function saveScenario(path: string, scenario: Scenario): Promise<void> {
  const { atoms, weights, penalty, train, test, components, probe } = scenario;
  const named: [string, HostExamples][] = [
    ...Object.entries({ train, test }).flatMap(([half, { signals, targets }]): [string, HostExamples][] => [
      [`${half}.signals`, signals],
      [`${half}.targets`, targets],
    ]),
    ...atoms.map((own, index): [string, HostExamples] => [`atoms.${index}`, own]),
    ...components.map((own, index): [string, HostExamples] => [`components.${index}`, own]),
    ...(probe
      ? ([
          ['probe.weights', probe.weights],
          ['probe.labels', probe.labels],
        ] as [string, HostExamples][])
      : []),
  ];
  const arrays = Object.fromEntries(
    named.map(([name, { data, shape }]) => [name, ndArray(data, [...shape])]),
  );
  const facts = { weights, penalty, group: probe?.group ?? 0 };
  await fileStore(path).write(encodeSafetensors(arrays, { facts: JSON.stringify(facts) }));
}

/** Reads what `saveScenario` wrote. */
export async function loadScenario(path: string): Promise<Scenario> {
  const { tensors, metadata } = parseSafetensors(new Uint8Array(await readFile(path)));
  const { weights, penalty, group } = JSON.parse(metadata['facts']!) as {
    weights: number[];
    penalty: number;
    group: number;
  };
  const of = (name: string): HostExamples => {
    const { data, shape } = tensors[name] as NdArray<'float32'>;
    return { data, shape };
  };
  const listOf = (prefix: string): HostExamples[] =>
    Object.keys(tensors)
      .filter((name) => name.startsWith(`${prefix}.`))
      .sort()
      .map(of);
  const half = (name: string): Half => ({ signals: of(`${name}.signals`), targets: of(`${name}.targets`) });
  return {
    atoms: listOf('atoms'),
    weights,
    penalty,
    train: half('train'),
    test: half('test'),
    components: listOf('components'),
    ...(group > 0 && { probe: { weights: of('probe.weights'), labels: of('probe.labels'), group } }),
  };
}

/** Sources with these weights, on the device; the caller disposes of their atoms. */
export function sourcesOf({ atoms }: Pick<Scenario, 'atoms'>, weights: readonly number[]): Source[] {
  return atoms.map(({ data, shape }, index) => ({
    atoms: tf.tensor2d(data, shape as [number, number]),
    weight: weights[index]!,
  }));
}

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { type Network, random, refuse, requireInteger, requireKnownOptions } from '@unrolled/contracts';
import { type Context, type Law, LawBroken } from './law.ts';

/** A subject of laws: whatever it is, it may hold tensors that the kit has to dispose of. */
export interface Subject {
  /** Frees what `make` made and the kit does not know of. The subject's own parameters are disposed of by the kit. */
  dispose?(): void;
}

export interface ConformOptions {
  /** Seed of every number that the laws draw, a whole number ≥ 0. Default 0. */
  readonly seed?: number;
  /** Laws that this subject is excused from, by name, each with the reason why. Default none. */
  readonly except?: { readonly [law: string]: string };
}

/** What became of every law. */
export interface Report {
  /** The laws that hold. */
  readonly passed: readonly string[];
  /** The laws that are about a member that the subject does not have, and the excused ones. */
  readonly skipped: readonly string[];
  readonly broken: readonly { readonly law: string; readonly message: string }[];
}

/**
 * Checks every law on a subject of its own.
 *
 * `make` is called afresh for every law and makes the subject's tensors anew, so that they can be counted, changed and
 * disposed of: the kit disposes of the parameters that a call of `make` made, and leaves alone what was there before.
 * Where no backend has been chosen yet, `wasm` is made ready first.
 *
 * @throws UnrolledError where `except` names a law that does not exist
 * @example
 * const report = await conform(priorLaws, () => ({ prior: l1(0.5), codeShape: [2, 6] }));
 * console.log(report.broken); // []
 */
export async function conform<S extends object>(
  laws: readonly Law<S>[],
  make: () => NoInfer<S> | Promise<NoInfer<S>>,
  options: ConformOptions = {},
): Promise<Report> {
  requireKnownOptions('conform', options, ['seed', 'except']);
  const { seed = 0, except = {} } = options;
  requireInteger('seed', seed, 0);
  const names = laws.map((law) => law.name);
  for (const [name, reason] of Object.entries(except)) {
    if (!names.includes(name)) refuse('except', name, `a law: ${names.join(', ')}`);
    if (!reason) refuse(`except["${name}"]`, reason, 'the reason why');
  }
  if (!tf.getBackend()) await useBackend('wasm');

  const passed: string[] = [];
  const skipped: string[] = [];
  const broken: { law: string; message: string }[] = [];
  for (const law of laws) {
    if (except[law.name]) {
      skipped.push(law.name);
      continue;
    }
    const before = newestTensor();
    const subject = await make();
    try {
      if (law.applies && !law.applies(subject)) {
        skipped.push(law.name);
        continue;
      }
      const context: Context = { law: law.name, random: random(seed).split(law.name) };
      await law.check(subject, context);
      passed.push(law.name);
    } catch (error) {
      broken.push({ law: law.name, message: describe(law, error) });
    } finally {
      disposeNewer(subject, before);
      (subject as Subject).dispose?.();
    }
  }
  return Object.freeze({ passed, skipped, broken });
}

/**
 * The same, throwing a readable list of the laws that are broken: one line in a test of any runner.
 *
 * @throws Error that lists every broken law with its statement, what was expected and what was seen
 */
export async function assertConforms<S extends object>(
  laws: readonly Law<S>[],
  make: () => NoInfer<S> | Promise<NoInfer<S>>,
  options: ConformOptions = {},
): Promise<Report> {
  const report = await conform(laws, make, options);
  if (report.broken.length === 0) return report;
  const list = report.broken.map(({ law, message }) => {
    const statement = laws.find(({ name }) => name === law)?.statement;
    return `  ✗ ${message}\n      law: ${statement}`;
  });
  throw new Error(
    `${report.broken.length} of ${laws.length} laws are broken (${report.passed.length} hold):\n${list.join('\n')}`,
  );
}

function describe(law: Law<never>, error: unknown): string {
  if (error instanceof LawBroken) return error.message;
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `${law.name}: the check did not come to an end: ${told}`;
}

/** Tensors are numbered in the order they are made in. */
function newestTensor(): number {
  const marker = tf.scalar(0);
  marker.dispose();
  return marker.id;
}

/** Disposes of the parameters of a subject's parts that were made after `before`, and of a network. */
function disposeNewer(subject: object, before: number): void {
  for (const part of Object.values(subject)) {
    const parameters: unknown = part?.parameters;
    if (isNetwork(part)) part.dispose();
    else if (part?.problem) disposeNewer(part.problem, before);
    if (parameters === null || typeof parameters !== 'object') continue;
    for (const tensor of Object.values(parameters)) {
      if (tensor instanceof tf.Tensor && tensor.id > before && !tensor.isDisposed) tensor.dispose();
    }
  }
}

function isNetwork(part: unknown): part is Network {
  return part !== null && typeof part === 'object' && 'variables' in part && 'trainable' in part;
}

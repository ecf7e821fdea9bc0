import * as tf from '@tensorflow/tfjs-core';
import { type Prior, type Random, random } from '@unrolled/contracts';
import { l1 } from '@unrolled/prox';
import { pacer } from '@unrolled/solvers';
import { type Atoms, atomOf, atomsFrom, atomsFromExamples, projectAtom } from './atoms.ts';
import { encodeCheckpoint, type Identity, type Progress, restoreCheckpoint } from './checkpoint.ts';
import type { HostExamples } from './examples.ts';
import type { Settings } from './options.ts';
import type { AtomUpdateRun } from './updates/update.ts';

/** A run of dictionary learning: the atoms, what their update remembers, and where it stands. */
export interface Run {
  readonly settings: Settings;
  readonly data: HostExamples;
  readonly prior: Prior;
  readonly atoms: Atoms;
  readonly update: AtomUpdateRun;
  readonly identity: Identity;
  readonly random: Random;
  /** Lets timers and events be heard. */
  readonly breathe: () => Promise<void>;
  progress: Progress;
}

/** Begins a run, or goes on with the one whose checkpoint is in the store. */
export async function beginRun(data: HostExamples, settings: Settings): Promise<Run> {
  const { update, seed, batchSize, initial, constraint } = settings;
  const [examples, features] = data.shape as readonly [number, number];
  const root = random(seed);
  const atoms = initial
    ? atomsFrom(initial, settings.atoms, features)
    : atomsFromExamples(data, settings.atoms, root.split('atoms'));
  for (let atom = 0; atom < atoms.count; atom++) projectAtom(atomOf(atoms, atom), constraint);
  const run: Run = {
    settings,
    data,
    prior: settings.prior ?? l1(settings.weight!),
    atoms,
    update: update.begin(atoms.count, features),
    identity: { update: update.name, seed, examples, batchSize },
    random: root,
    breathe: pacer(),
    progress: { epoch: 1, batch: 0, step: 0, sum: 0, before: null, settled: false },
  };
  try {
    const saved = await settings.checkpoint?.store.read();
    if (saved !== undefined) run.progress = restoreCheckpoint(saved, run);
  } catch (error) {
    endRun(run);
    throw error;
  }
  return run;
}

/** Writes a checkpoint where there is a store. */
export async function writeRun(run: Run): Promise<void> {
  await run.settings.checkpoint?.store.write(encodeCheckpoint(run, run.progress));
}

/** Frees what a run owns: the prior that it made of a weight. */
export function endRun({ settings, prior }: Run): void {
  if (!settings.prior) tf.dispose({ ...prior.parameters });
}

// The built packages, on the CPU: the same numbers on every machine, to the digits that a figure has.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace.mjs';

/** A built package of the workspace. */
export const built = (name) => import(pathToFileURL(join(root, 'packages', name, 'dist', 'index.js')).href);

/** The one tfjs-core that they all use. */
export const tensorflow = async () => {
  const resolve = createRequire(join(root, 'packages/backend/package.json')).resolve;
  const { default: tf } = await import(pathToFileURL(resolve('@tensorflow/tfjs-core')).href);
  return tf;
};

/** Numbers as a figure shows them: what backends differ by is rounded away. */
export const rounded = (values) => Array.from(values, (value) => Math.round(value * 1e3) / 1e3);

/** Evenly spaced numbers, both ends included. */
export const grid = (low, high, points = 97) =>
  Array.from({ length: points }, (_, index) => low + ((high - low) * index) / (points - 1));

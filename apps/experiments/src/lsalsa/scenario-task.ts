import { useBackend } from '@unrolled/backend';
import type { TaskRunner } from '@unrolled/parallel';
import type { Size } from '../experiment.ts';
import { fashionPatches, mixtures, naturalPatches } from './ingredients.ts';
import type { PartName } from './part-names.ts';
import { type Album, albumOf, drawnAlbum } from './pictures.ts';
import { plans, type ScenarioPlan } from './plan.ts';
import { type Ingredients, type Prepared, prepare } from './prepare.ts';

/** A scenario that is to be prepared. Plain data, for a worker. */
export interface Recipe {
  readonly name: PartName;
  readonly size: Size;
  readonly seed: number;
  /** Where the pictures are; undefined: they are drawn. */
  readonly dataFolder: string | undefined;
  /** Where everything is kept. */
  readonly folder: string;
}

/** Prepares scenarios in a worker. */
export async function scenarios(): Promise<TaskRunner<Recipe, Prepared>> {
  await useBackend('wasm');
  return {
    run: async ({ name, size, seed, dataFolder, folder }, signal) => {
      const album = dataFolder === undefined ? drawnAlbum() : (await albumOf(dataFolder))!;
      const plan = plans[size][name];
      const ingredients = await ingredientsOf(name, album, plan, seed);
      return prepare(name, plan, ingredients, { folder, signal });
    },
  };
}

function ingredientsOf(name: PartName, album: Album, plan: ScenarioPlan, seed: number): Promise<Ingredients> {
  switch (name) {
    case 'fashion':
      return fashionPatches(album, plan);
    case 'natural':
      return naturalPatches(album, plan, seed);
    case 'mixtures':
    case 'large':
      return mixtures(album, plan, { sources: 2, seed });
    case 'three':
      return mixtures(album, plan, { sources: 3, seed });
  }
}

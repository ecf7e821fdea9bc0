import { type Random, random } from '@unrolled/contracts';
import { gridPatches, type Image, randomPatches, standardizePatches } from '@unrolled/images';
import type { HostExamples } from '@unrolled/unroll';
import { stacked, sum } from './examples.ts';
import { type Album, resizeAll } from './pictures.ts';
import type { ScenarioPlan } from './plan.ts';
import type { Ingredients } from './prepare.ts';

/** α of dictionary learning, by the author's own settings. */
const learningWeights = { fashion: 0.2, digits: 0.3, natural: 0.125 };

/** Fashion-MNIST at 32 × 32, nine patches of 10 × 10 each, the two pixels that are left over dropped. */
export async function fashionPatches(album: Album, plan: ScenarioPlan): Promise<Ingredients> {
  const { side } = plan;
  const patchesOf = (images: readonly Image[]): HostExamples =>
    stacked(
      resizeAll(images, 32).flatMap((picture) => {
        const { data, shape } = gridPatches(picture, { height: side, width: side, edges: 'drop' });
        return Array.from({ length: shape[0] }, (_, index) =>
          data.slice(index * shape[1], (index + 1) * shape[1]),
        );
      }),
    );
  const [train, test] = [await album.fashion('train'), await album.fashion('test')];
  const group = 9;
  const signals = patchesOf(train.images.slice(0, Math.ceil(plan.train / group)));
  return {
    sources: [{ examples: signals, atoms: side * side, weight: learningWeights.fashion }],
    weights: [0.05],
    train: signals,
    test: patchesOf(test.images.slice(0, plan.test)),
    components: [],
    labels: { values: test.labels.slice(0, plan.test), group },
  };
}

/** 16 × 16 patches of photographs, without their means; trained on some pictures, tested on others. */
export async function naturalPatches(album: Album, plan: ScenarioPlan, seed: number): Promise<Ingredients> {
  const draw = random(seed).split('natural');
  const { side } = plan;
  const train = textures(await album.photographs('train'), side, plan.train, draw.split('train'));
  const test = textures(await album.photographs('test'), side, plan.test, draw.split('test'));
  return {
    sources: [{ examples: train, atoms: side * side, weight: learningWeights.natural }],
    weights: [0.05],
    train,
    test,
    components: [],
  };
}

/** Digits on photographs, and clothes on both where there are three: sums of pictures drawn at random. */
export async function mixtures(
  album: Album,
  plan: ScenarioPlan,
  options: { readonly sources: 2 | 3; readonly seed: number },
): Promise<Ingredients> {
  const { sources, seed } = options;
  const { side } = plan;
  const draw = random(seed).split(`mixtures ${side} ${sources}`);
  const half = async (name: 'train' | 'test', count: number) => {
    const own = draw.split(name);
    const digits = await album.digits(name);
    const order = drawn(own.split('digits'), count, digits.images.length);
    const rows = resizeAll(digits.images, side).map(({ data }) => data);
    const parts = [
      stacked(order.map((index) => rows[index]!)),
      textures(await album.photographs(name), side, count, own.split('photographs')),
    ];
    if (sources === 3) {
      const clothes = (await album.fashion(name)).images;
      const chosen = drawn(own.split('clothes'), count, clothes.length).map((index) => clothes[index]!);
      parts.push(stacked(resizeAll(chosen, side).map(({ data }) => data)));
    }
    return { parts, labels: order.map((index) => digits.labels[index]!) };
  };
  const [train, test] = [await half('train', plan.train), await half('test', plan.test)];
  const weights = [learningWeights.digits, learningWeights.natural, learningWeights.fashion];
  return {
    sources: train.parts.map((examples, index) => ({
      examples,
      atoms: side * side,
      weight: weights[index]!,
    })),
    // The paper's are for 32 × 32.
    weights: (side >= 32 ? [0.125, 0.2, 0.15] : [0.05, 0.08, 0.06]).slice(0, sources),
    train: sum(train.parts),
    test: sum(test.parts),
    components: test.parts,
    labels: { values: test.labels, group: 1 },
  };
}

function textures(photographs: readonly Image[], side: number, count: number, draw: Random): HostExamples {
  const patches = randomPatches(photographs, { height: side, width: side, count, random: draw });
  const { data, shape } = standardizePatches(patches).patches;
  return { data, shape };
}

/** So many indices below `among`: each once where there are enough, and then again. */
function drawn(draw: Random, count: number, among: number): number[] {
  const order: number[] = [];
  while (order.length < count) order.push(...draw.permutation(among));
  return order.slice(0, count);
}

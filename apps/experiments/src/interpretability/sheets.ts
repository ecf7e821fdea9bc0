import * as tf from '@tensorflow/tfjs-core';
import { encodePng, type Image, image, imageSheet, type SheetCell } from '@unrolled/images';
import { saliency } from '@unrolled/pudle';
import { aroundGrey } from '../pictures/atom-sheet.ts';
import type { StoredPicture } from '../pictures/comparison-sheet.ts';
import { side } from './digits.ts';
import { largest } from './likeness.ts';
import type { Plan } from './plan.ts';
import { columnOf, type Reading, rowOf } from './reading.ts';

/** Sheets as PNG files in base64, to stand among results. */
export interface Sheets {
  readonly atoms: StoredPicture;
  readonly reconstructions: StoredPicture;
  readonly alike: StoredPicture;
  readonly saliency: StoredPicture;
}

/** Draws what a learned dictionary is made of. */
export async function drawSheets(reading: Reading, { shown }: Plan): Promise<Sheets> {
  return {
    atoms: sheetOf(atomRows(reading, shown)),
    reconstructions: sheetOf(reconstructionRows(reading, shown)),
    alike: sheetOf(alikeRows(reading, shown)),
    saliency: sheetOf(await saliencyRows(reading, shown)),
  };
}

type Shown = Plan['shown'];

/** The atoms that are used most, each before the training digits with the greatest weights in it. */
function atomRows({ made, atoms, codes, digits }: Reading, { atoms: count, beside }: Shown): SheetCell[][] {
  const uses = Array.from({ length: made.atoms }, (_, atom) =>
    columnOf(codes.data, made.atoms, atom).reduce((sum, value) => sum + Math.abs(value), 0),
  );
  return largest(uses, count).map((atom) => {
    const weights = made.atomWeights(atom);
    return [
      { picture: aroundGrey(columnOf(atoms, made.atoms, atom), pixels), caption: 'atom' },
      ...weighted(weights, beside).map((example) => ({
        picture: plain(rowOf(digits.train.pictures, example)),
        caption: weights[example]!.toFixed(3),
      })),
    ];
  });
}

/** Test digits, what the network makes of them, and the training digits that this interpolates between. */
function reconstructionRows(
  { made, digits, testCodes, reconstructions }: Reading,
  { digits: count, beside }: Shown,
): SheetCell[][] {
  return firstOfEach(digits.test.labels, count).map((index) => {
    const weights = made.reconstructionWeights(rowOf(testCodes, index));
    return [
      { picture: plain(rowOf(digits.test.pictures, index)), caption: 'new' },
      { picture: plain(rowOf(reconstructions, index)), caption: 'D z' },
      ...weighted(weights, beside).map((example) => ({
        picture: plain(rowOf(digits.train.pictures, example)),
        caption: weights[example]!.toFixed(3),
      })),
    ];
  });
}

/** Test digits, and the training digits whose codes are most like theirs. */
function alikeRows({ made, digits, testCodes }: Reading, { digits: count, beside }: Shown): SheetCell[][] {
  return firstOfEach(digits.test.labels, count).map((index) => [
    { picture: plain(rowOf(digits.test.pictures, index)), caption: 'new' },
    ...made.mostAlike(rowOf(testCodes, index), beside).map(({ example, cosine }) => ({
      picture: plain(rowOf(digits.train.pictures, example)),
      caption: cosine.toFixed(2),
    })),
  ]);
}

/** Test digits; then the atoms with the greatest share in them, each before what every pixel does to its part of the code. */
async function saliencyRows(
  { network, made, atoms, digits, testCodes }: Reading,
  { digits: count, beside }: Shown,
): Promise<SheetCell[][]> {
  const rows: SheetCell[][] = [];
  for (const index of firstOfEach(digits.test.labels, count)) {
    const picture = rowOf(digits.test.pictures, index);
    const code = rowOf(testCodes, index);
    const row: SheetCell[] = [{ picture: plain(picture), caption: 'new' }];
    for (const atom of largest(code, Math.floor(beside / 2))) {
      const x = tf.tensor2d(Array.from(picture), [1, picture.length]);
      const map = saliency(network, x, atom);
      const values = await map.data();
      tf.dispose([x, map]);
      row.push(
        {
          picture: aroundGrey(columnOf(atoms, made.atoms, atom), pixels),
          caption: `z ${code[atom]!.toFixed(1)}`,
        },
        { picture: aroundGrey(Array.from(values), pixels), caption: 'dz/dx' },
      );
    }
    rows.push(row);
  }
  return rows;
}

/** The first test digit of every label, in the order of labels. */
function firstOfEach(labels: readonly number[], count: number): number[] {
  return [...new Set(labels)]
    .sort((a, b) => a - b)
    .slice(0, count)
    .map((label) => labels.indexOf(label));
}

/** The places of the largest magnitudes. */
const weighted = (weights: Float64Array, count: number): number[] => largest(weights.map(Math.abs), count);

const pixels = { height: side, width: side } as const;

const plain = (values: ArrayLike<number>): Image =>
  image(
    Float32Array.from(values, (value) => Math.min(1, Math.max(0, value))),
    pixels,
  );

const sheetOf = (rows: readonly (readonly SheetCell[])[]): StoredPicture =>
  Buffer.from(encodePng(imageSheet(rows, { scale: 3, gap: 8 }))).toString('base64');

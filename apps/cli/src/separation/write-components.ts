import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng, type Image, image, imageSheet } from '@unrolled/images';
import type { Mixture } from './mixture.ts';
import type { SeparatedPicture } from './summary.ts';

/** Writes the components of a picture, and a sheet on which they stand beside it. */
export function writeComponents(
  folder: string,
  { file, name }: Mixture,
  mixture: Image,
  components: readonly Image[],
  names: readonly string[],
): SeparatedPicture {
  const { height, width } = mixture;
  const left = mixture.data.map((value, pixel) =>
    components.reduce((rest, { data }) => rest - data[pixel]!, value),
  );
  const files = components.map((component, index) => {
    const componentFile = `${name}-component-${index + 1}.png`;
    writeFileSync(join(folder, componentFile), encodePng(component));
    return componentFile;
  });
  const sheet = `${name}-sheet.png`;
  // Of what is left, nothing is a middle grey.
  const rest = image(
    left.map((value) => value + 0.5),
    { height, width },
  );
  const cells = [
    { picture: mixture, caption: 'mixture' },
    ...components.map((picture, index) => ({ picture, caption: names[index]! })),
    { picture: rest, caption: 'what is left' },
  ];
  // Wide pictures stand in two columns, so that the sheet is no ribbon.
  const columns = width > height ? 2 : cells.length;
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  );
  writeFileSync(join(folder, sheet), encodePng(imageSheet(rows)));
  const mean = mixture.data.reduce((sum, value) => sum + value, 0) / mixture.data.length;
  const energy = mixture.data.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const unexplained = left.reduce((sum, value) => sum + value * value, 0);
  return {
    path: file,
    height,
    width,
    components: files,
    sheet,
    explained: energy > 0 ? 1 - unexplained / energy : 1,
  };
}

import { join, resolve } from 'node:path';
import { UnrolledError } from '@unrolled/contracts';
import type { SeparateOptions } from '../commands/separate.ts';
import { naming, parseFile } from '../files/parse-file.ts';
import { beginOutputFolder, requireReplaceable } from '../output/folder.ts';
import { progressOn } from '../progress.ts';
import { readMixture, requireMixtures, requireRoomFor } from '../separation/mixture.ts';
import { formatTable } from '../table.ts';
import { version } from '../version.ts';

/** `unrolled separate`: pictures taken apart into what they are sums of. */
export async function separate(files: readonly string[], options: SeparateOptions): Promise<void> {
  const { out, force } = options;
  const inputs = [...files, ...(options.model === undefined ? [] : [options.model])];
  requireReplaceable(out, { force, inputs });
  const mixtures = requireMixtures(files);
  const {
    loadSeparationModel,
    separatePicture,
    shippedModel,
    useBackend,
    writeComponents,
    writeSeparationSummary,
  } = await import('../separation/index.ts');
  const modelFile = options.model ?? shippedModel;
  const bytes = parseFile(modelFile, (content) => new Uint8Array(content));
  const { name: backend } = await useBackend(options.backend);
  const model = await naming(modelFile, () => loadSeparationModel(bytes));
  for (const mixture of mixtures) requireRoomFor(model.patch, mixture);
  const stride = requireStride(options.stride, model.patch);

  const folder = beginOutputFolder(out, { force, inputs });
  const progress = progressOn(process.stderr);
  const pictures = [];
  for (const mixture of mixtures) {
    progress.stage(mixture.name);
    const picture = readMixture(mixture);
    const onProgress = (fraction: number): void => progress.update(fraction);
    const components = await separatePicture(picture, model, { stride, onProgress });
    pictures.push(writeComponents(folder.path, mixture, picture, components, model.names));
  }
  progress.finish();
  writeSeparationSummary(folder.path, {
    software: `unrolled ${version}`,
    model: {
      path: options.model === undefined ? 'the one that comes along' : resolve(options.model),
      components: [...model.names],
      layers: model.network.layers,
      patch: model.patch,
    },
    options: { stride, backend },
    pictures,
  });
  model.network.dispose();
  folder.publish();
  const rows = pictures.map(({ sheet, height, width, components, explained }) => [
    `${height} × ${width}`,
    components.length,
    (100 * explained).toFixed(1),
    join(out, sheet),
  ]);
  process.stdout.write(`${formatTable(['pixels', 'components', 'explained %', 'sheet'], rows)}\n`);
}

/** A third of a tile, so that every pixel lies in several; none may be left out. */
function requireStride(
  stride: number | undefined,
  patch: { readonly height: number; readonly width: number },
) {
  const side = Math.min(patch.height, patch.width);
  if (stride === undefined) return Math.max(1, Math.floor(side / 3));
  if (stride > side) {
    throw new UnrolledError(
      'INVALID_ARGUMENT',
      `--stride: expected at most ${side} pixels, the model's patch, got ${stride}`,
    );
  }
  return stride;
}

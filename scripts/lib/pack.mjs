// The tarballs that would be published.
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pnpm, published, root } from './workspace.mjs';

/**
 * Packs everything that is published into a new temporary folder: `{ folder, tarballs }`, the tarballs a Map from the
 * package's name to its path. The caller removes the folder.
 */
export function packAll() {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-packed-'));
  const filters = published.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const { status, stdout, stderr } = pnpm(['--recursive', ...filters, 'pack', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`pnpm pack failed:\n${stdout}${stderr}`);
  const files = readdirSync(folder);
  const tarballs = new Map();
  for (const { manifest } of published) {
    const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
    if (!files.includes(file)) throw new Error(`pnpm pack made no ${file}`);
    tarballs.set(manifest.name, join(folder, file));
  }
  return { folder, tarballs };
}

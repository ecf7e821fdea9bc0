// The tarballs that would be published.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folders, pnpm, root } from './build.mjs';

/** Packs every package into a new temporary folder: `{ folder, tarballs: Map(name → path) }`. The caller removes it. */
export function packAll() {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-packed-'));
  const { status, stdout, stderr } = pnpm(
    ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`pnpm pack failed:\n${stdout}${stderr}`);
  const files = readdirSync(folder);
  const tarballs = new Map();
  for (const path of folders.filter((one) => one.startsWith('packages/'))) {
    const { name, version } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    if (!files.includes(file)) throw new Error(`pnpm pack made no ${file}`);
    tarballs.set(name, join(folder, file));
  }
  return { folder, tarballs };
}

// Removes whatever the build, the tests and the demo made; not node_modules.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { folders, root } from './lib/workspace.mjs';

const made = [
  ...folders.flatMap((folder) =>
    ['dist', 'generated', '.turbo', 'coverage'].map((name) => `${folder}/${name}`),
  ),
  '.turbo',
  'coverage',
  'out',
  'node_modules/.cache/unrolled',
];
for (const path of made) rmSync(join(root, path), { recursive: true, force: true });

// Are the packages set up to be released together?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { published, readJson, root } from './workspace.mjs';

/** Throws what is wrong with the release: packages that would not be published, or not with the others. */
export function checkRelease() {
  const faults = [];
  const { fixed, access } = readJson('.changeset', 'config.json');
  if (!fixed?.some((group) => group.includes('@unrolled/*')))
    faults.push('config.json: all packages are one fixed group');
  if (access !== 'public') faults.push('config.json: access is public');
  const versions = new Set(published.map(({ manifest }) => manifest.version));
  if (versions.size !== 1) faults.push(`versions differ: ${[...versions].join(', ')}`);
  for (const { folder, manifest } of published) {
    const { name, license, publishConfig, repository } = manifest;
    if (!name?.startsWith('@unrolled/')) faults.push(`${folder}: the name is @unrolled/…, or it is private`);
    if (license !== 'Apache-2.0') faults.push(`${folder}: the licence is Apache-2.0`);
    if (publishConfig?.access !== 'public')
      faults.push(`${folder}: publishConfig.access is public, or it is private`);
    if (repository?.directory !== folder) faults.push(`${folder}: repository.directory is ${folder}`);
  }
  faults.push(...announced().flatMap(faultsOf));
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** The lines that announce releases: `{ file, line }`, a line being `'@unrolled/prox': minor`. */
function announced() {
  const files = readdirSync(join(root, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  return files.flatMap((file) => {
    const [, front = ''] = readFileSync(join(root, '.changeset', file), 'utf8').split(/^---$/m);
    return front.split('\n').flatMap((line) => (line.trim() === '' ? [] : [{ file, line }]));
  });
}

function faultsOf({ file, line }) {
  const [, name, bump] = line.match(/^['"]?([^'":]+)['"]?:\s*(\w+)\s*$/) ?? [];
  if (!published.some(({ manifest }) => manifest.name === name))
    return [`${file}: nothing published is called ${name ?? line}`];
  return ['major', 'minor', 'patch', 'none'].includes(bump) ? [] : [`${file}: no such bump: ${line}`];
}

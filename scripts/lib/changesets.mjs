// Are the packages set up to be released together?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folders, root } from './build.mjs';

const json = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));

/** Throws what is wrong with the release: packages that would not be published, or not with the others. */
export function changesetFaults() {
  const faults = [];
  const { fixed, access } = json('.changeset', 'config.json');
  if (!fixed?.some((group) => group.includes('@unrolled/*')))
    faults.push('config.json: all packages are one fixed group');
  if (access !== 'public') faults.push('config.json: access is public');

  const manifests = folders.map((folder) => [folder, json(folder, 'package.json')]);
  const published = manifests.filter(([folder]) => folder.startsWith('packages/'));
  const versions = new Set(published.map(([, { version }]) => version));
  if (versions.size !== 1) faults.push(`versions differ: ${[...versions].join(', ')}`);
  for (const [folder, { name, private: hidden, publishConfig, license }] of manifests) {
    const isPublished = folder.startsWith('packages/');
    if (isPublished && hidden) faults.push(`${folder}: is private`);
    if (isPublished && publishConfig?.access !== 'public')
      faults.push(`${folder}: publishConfig.access is public`);
    if (!isPublished && !hidden) faults.push(`${folder}: an app is private`);
    if (!name?.startsWith('@unrolled/')) faults.push(`${folder}: the name is @unrolled/…`);
    if (license !== 'Apache-2.0') faults.push(`${folder}: the licence is Apache-2.0`);
  }

  const names = manifests.map(([, { name }]) => name);
  for (const file of readdirSync(join(root, '.changeset')).filter((one) => /(?<!README)\.md$/.test(one))) {
    const [, front] = readFileSync(join(root, '.changeset', file), 'utf8').split(/^---$/m);
    for (const line of (front ?? '').split('\n').filter((one) => one.trim() !== '')) {
      const [, name, bump] = line.match(/^['"]?([^'":]+)['"]?:\s*(\w+)\s*$/) ?? [];
      if (!names.includes(name)) faults.push(`${file}: no package ${name ?? line}`);
      if (!['major', 'minor', 'patch', 'none'].includes(bump)) faults.push(`${file}: no such bump: ${line}`);
    }
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginOutputFolder, requireReplaceable } from '../src/output/folder.ts';
import { temporaryFolder } from './temporary.ts';

const root = temporaryFolder();
let count = 0;
/** A path in a folder of its own, so that what lies beside it can be listed. */
const fresh = (): string => {
  const parent = join(root, String(count++));
  mkdirSync(parent);
  return join(parent, 'out');
};

/** A folder as a command leaves it. */
function writeOurs(path: string, content = 'new'): void {
  const folder = beginOutputFolder(path);
  writeFileSync(join(folder.path, 'templates.npy'), content);
  writeFileSync(
    join(folder.path, 'summary.json'),
    JSON.stringify({ format: 'unrolled-sorting', files: ['templates.npy'] }),
  );
  folder.publish();
}

describe('an output folder', () => {
  it('appears whole, with the usual permissions, and nothing beside it', () => {
    const out = fresh();
    const folder = beginOutputFolder(out);
    writeFileSync(join(folder.path, 'a'), '1');
    expect(existsSync(out)).toBe(false);
    folder.publish();
    expect(readdirSync(out)).toEqual(['a']);
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
    expect(statSync(out).mode & 0o777).toBe(0o777 & ~process.umask());
  });

  it('makes the folders above it', () => {
    const out = join(fresh(), 'a', 'b');
    writeOurs(out);
    expect(readdirSync(out).sort()).toEqual(['summary.json', 'templates.npy']);
  });

  it('replaces one of ours as a whole', () => {
    const out = fresh();
    writeOurs(out, 'old');
    requireReplaceable(out);
    writeOurs(out, 'new');
    expect(readFileSync(join(out, 'templates.npy'), 'utf8')).toBe('new');
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
  });

  it('takes an empty folder', () => {
    const out = fresh();
    mkdirSync(out);
    requireReplaceable(out);
  });

  it('replaces what a link points at and keeps the link', () => {
    const out = fresh();
    writeOurs(out, 'old');
    const link = join(out, '..', 'link');
    symlinkSync(out, link);
    writeOurs(link, 'new');
    expect(readFileSync(join(out, 'templates.npy'), 'utf8')).toBe('new');
  });
});

describe('what stands there', () => {
  const refusal = (path: string, options = {}): string => {
    try {
      requireReplaceable(path, options);
    } catch (error) {
      return (error as Error).message;
    }
    return 'let pass';
  };

  it("is kept where it is a stranger's, unless forced", () => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    expect(refusal(out)).toContain('was not written by unrolled; --force replaces it');
    expect(refusal(out, { force: true })).toBe('let pass');
  });

  it.each([
    ['no JSON', 'not { json'],
    ['JSON of something else', '{"format":"other","files":[]}'],
    ['a list', '[]'],
  ])('is a stranger where summary.json is %s', (_, content) => {
    const out = fresh();
    mkdirSync(out);
    writeFileSync(join(out, 'summary.json'), content);
    expect(refusal(out)).toContain('was not written by unrolled');
  });

  it("is kept where it is ours with somebody's files in it", () => {
    const out = fresh();
    writeOurs(out);
    writeFileSync(join(out, 'cluster_info.tsv'), "Phy's curation");
    expect(refusal(out)).toContain('did not write (cluster_info.tsv)');
    expect(refusal(out, { force: true })).toBe('let pass');
  });

  it('is kept where it is a file, forced or not', () => {
    const out = fresh();
    writeFileSync(out, 'a file');
    expect(refusal(out)).toContain('is not a folder');
    expect(refusal(out, { force: true })).toContain('is not a folder');
    expect(refusal(join(out, 'below'))).toContain('is a file');
  });

  it('is kept where the command reads from it, forced or not', () => {
    const out = fresh();
    writeOurs(out);
    const inputs = [join(out, 'templates.npy')];
    expect(refusal(out, { inputs })).toContain('which replacing it would remove');
    expect(refusal(out, { inputs, force: true })).toContain('which replacing it would remove');
    expect(refusal(out, { inputs: [out] })).toContain('which replacing it would remove');
  });

  it('is kept where the user stands in it', () => {
    expect(refusal(process.cwd(), { force: true })).toContain('which replacing it would remove');
    expect(refusal('/', { force: true })).toContain('which replacing it would remove');
  });

  it('is kept where it came while we worked', () => {
    const out = fresh();
    const folder = beginOutputFolder(out);
    mkdirSync(out);
    writeFileSync(join(out, 'precious'), '');
    expect(() => folder.publish()).toThrow('was not written by unrolled');
    expect(readdirSync(out)).toEqual(['precious']);
  });
});

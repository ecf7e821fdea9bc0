import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRecording, simulateSpikes } from '../src/index.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('outside Node', () => {
  it('no source file imports anything of Node but types', () => {
    const folder = join(import.meta.dirname, '../src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    expect(sources).toContain('node-files.ts');
    for (const name of sources) {
      const source = readFileSync(join(folder, name), 'utf8');
      expect(source.match(/^import (?!type )[^;]*from 'node:[^']*'/gm), name).toBeNull();
    }
  });

  it('simulations run, and files are refused', async () => {
    vi.stubGlobal('process', undefined);
    const { recording } = simulateSpikes({ duration: 1 });
    expect((await recording.read(0, 10)).length).toBe(10);
    await expect(openRecording('a.npy')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

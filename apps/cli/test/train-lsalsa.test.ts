import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseSafetensors } from '@unrolled/formats';
import { describe, expect, it } from 'vitest';
import { pictures, writePng } from './pictures.ts';
import { temporaryFolder } from './temporary.ts';
import { type Outcome, outcomeOf, start, unrolled } from './unrolled.ts';

const folder = temporaryFolder();
const at = (...path: string[]): string => join(folder, ...path);
const run = (line: string): Promise<Outcome> => unrolled(line.split(' '), folder);

const { mixtures, digits, textures } = pictures({ pictures: 4, height: 40, width: 40, seed: 5 });
for (const [name, parts] of Object.entries({ digits, textures })) {
  mkdirSync(at(name));
  parts.forEach((part, index) => {
    writePng(at(name), `${index}.png`, part);
  });
}
writePng(folder, 'mixture.png', mixtures[0]!);

const small = '--patch 6 --atoms 12 --examples 300 --layers 2';
const folders = '--component ink=digits --component paper=textures';

describe('unrolled train lsalsa', () => {
  it('writes a model of the components in folders, which separate takes', async () => {
    const trained = await run(`train lsalsa ${folders} ${small} --epochs 3 --out model.safetensors`);
    expect(trained).toMatchObject({ code: 0 });
    expect(trained.stdout).toMatch(/Components of mixtures that it has not seen are \d+\.\d+ dB nearer/);
    expect(trained.stdout.trimEnd().split('\n').at(-1)).toBe('model.safetensors');
    const { metadata, tensors } = parseSafetensors(readFileSync(at('model.safetensors')));
    expect(metadata).toMatchObject({
      names: 'ink,paper',
      level: 'background',
      patchHeight: '6',
      layers: '2',
    });
    expect(tensors['operator.1.atoms']?.shape).toEqual([36, 12]);
    const separated = await run('separate mixture.png --model model.safetensors --out parts');
    expect(separated).toMatchObject({ code: 0 });
    expect(readdirSync(at('parts')).length).toBe(4);
  });

  it('goes on after Ctrl-C from its checkpoint, to the same model, and leaves nothing half-written', async () => {
    const line = `train lsalsa ${folders} ${small} --epochs 20 --checkpoint run`;
    expect(await run(`${line} --out whole.safetensors`.replace('run', 'other'))).toMatchObject({ code: 0 });
    const before = readdirSync(folder);

    const child = start(`${line} --out resumed.safetensors`.split(' '), folder);
    const outcome = outcomeOf(child);
    const reached = (): boolean =>
      readdirSync(folder).includes('run') && readdirSync(at('run')).includes('network.safetensors');
    while (child.exitCode === null && !reached()) await setTimeout(5);
    child.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    expect(readdirSync(folder).sort()).toEqual([...before, 'run'].sort());
    expect(readdirSync(at('run')).filter((name) => name.includes('partial'))).toEqual([]);

    expect(await run(`${line} --out resumed.safetensors`)).toMatchObject({ code: 0 });
    expect(readFileSync(at('resumed.safetensors'))).toEqual(readFileSync(at('whole.safetensors')));
    // Another recipe cannot go on from it.
    const other = await run(`${line} --layers 3 --out resumed.safetensors --force`);
    expect(other).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--checkpoint: run is of a run with other/),
    });
  });
});

describe('unrolled train lsalsa refuses with exit code 2, and writes nothing', () => {
  mkdirSync(at('empty'));
  mkdirSync(at('theirs'));
  writeFileSync(at('theirs', 'thesis.tex'), 'years of work');
  writeFileSync(at('taken.safetensors'), 'a model');

  it.each([
    ['--out taken.safetensors', /--out: taken\.safetensors exists; --force replaces it/],
    ['--out empty', /--out: empty exists and is not a file/],
    ['--out nowhere/model.safetensors', /folder that does not exist/],
    ['--out new --component ink=digits', /--component: expected two or more/],
    ['--out new --component digits', /--component.*name=folder/],
    ['--out new --component ink=digits --component ink=textures', /two components ink/],
    ['--out new --component ink=digits --component paper=nowhere', /nowhere: no such folder/],
    [
      '--out new --component ink=digits --component paper=empty',
      /empty: expected pictures \(\.png\), found none/,
    ],
    [
      `--out new ${folders} --patch 41`,
      /digits.0\.png: expected at least 41 × 41 pixels, a patch, found 40 × 40/,
    ],
    ['--out new --checkpoint theirs', /--checkpoint: the folder theirs holds files/],
    ['--out new --checkpoint taken.safetensors', /--checkpoint: .*is not a folder/],
    ['--out new --weight 0', /--weight.*'0' is invalid.*> 0/],
    ['--out new --penalty -1', /--penalty.*invalid/],
    ['--out new --layers 0', /--layers.*≥ 1/],
    ['--out new --atoms many', /--atoms.*invalid/],
    ['', /required option '--out <file>'/],
  ])('train lsalsa %s', async (line, message) => {
    const before = readdirSync(folder).sort();
    const { code, stdout, stderr } = await run(`train lsalsa ${line}`.trim());
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});

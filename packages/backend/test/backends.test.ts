import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { cpu } from '../src/backends/cpu.ts';
import { diagnose } from '../src/backends/doctor.ts';
import { describeBackend, doctor, useBackend } from '../src/index.ts';
import { backendsHere } from './support/backends.ts';

const here = await backendsHere();

// tfjs-node puts itself in use as it is loaded, which it is here where UNROLLED_BACKENDS asks for it.
const without = it.skipIf(here.includes('tensorflow'));

without('has none in use before it is asked for one', async () => {
  await expect(describeBackend()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

it('picks by itself what computes for real', async () => {
  const { name, software } = await useBackend();
  // Software Vulkan is here or is not: it must make no difference.
  expect(software).toBe(false);
  expect(tf.getBackend()).toBe(name);
  expect(await describeBackend()).toEqual(await useBackend('auto'));
});

for (const name of here) {
  it(`readies ${name}`, async () => {
    const report = await useBackend(name);
    expect(report.name).toBe(name);
    expect(await describeBackend()).toEqual(report);
    expect(Object.isFrozen(report)).toBe(true);
    const two = tf.add(1, 1);
    expect([...(await two.data())]).toEqual([2]);
    two.dispose();
  });
}

it.skipIf(!here.includes('webgpu'))('says that WebGPU in Node cannot read synchronously', async () => {
  await useBackend('webgpu');
  const given = tf.tensor1d([1]);
  expect([...given.dataSync()]).toEqual([1]);
  // tfjs computes what is small and on the host already on the host.
  const large = tf.tidy(() => tf.square(tf.ones([2000])));
  expect(() => large.dataSync()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  expect((await large.data())[1999]).toBe(1);
  tf.dispose([given, large]);
});

without('says why a backend is not there, and what to do', async () => {
  await expect(useBackend('tensorflow')).rejects.toThrow(/tfjs-node is installed\. To get it: npm install/);
});

it('examines every backend, leaves nothing behind and the one in use in use', async () => {
  await useBackend('cpu');
  const before = tf.memory().numTensors;
  const diagnoses = await doctor();
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(before);
  expect(diagnoses.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu']);
  for (const diagnosis of diagnoses) {
    if (diagnosis.status === 'works') {
      expect(diagnosis.kernelMs).toBeGreaterThan(0);
      expect(diagnosis.gradientMs).toBeGreaterThan(0);
      expect(diagnosis.relativeError).toBeLessThan(1e-5);
      expect(diagnosis.device).not.toBe('');
    } else {
      expect(diagnosis.status).toBe('missing');
      expect(diagnosis.reason).not.toBe('');
      expect(diagnosis.remedy).not.toBe('');
    }
    if (here.includes(diagnosis.name)) expect(diagnosis.status).toBe('works');
  }
});

it('finds a backend broken that computes wrongly', async () => {
  const name = 'UnrolledAnalysis1d';
  const original = tf.getKernel(name, 'cpu')!;
  const replace = (kernel: typeof original) => {
    tf.unregisterKernel(name, 'cpu');
    tf.registerKernel(kernel);
  };
  replace({
    ...original,
    kernelFunc: (call) => tf.tidy(() => tf.mul(original.kernelFunc(call) as tf.Tensor, 1.001)),
  });
  try {
    const diagnosis = await diagnose(cpu);
    expect(diagnosis).toMatchObject({
      status: 'broken',
      reason: expect.stringMatching(/computes wrongly, by/),
    });
  } finally {
    replace(original);
  }
});

it.each(here)('lets the process end by itself after %s', async (name) => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { backendsHere } from './test/support/backends.ts';
        import { analysis1d, useBackend } from './src/index.ts';
        import * as tf from '@tensorflow/tfjs-core';
        await backendsHere();
        await useBackend('${name}');
        const [first] = await analysis1d(tf.ones([1, 9, 1]), tf.ones([3, 1, 1])).data();
        console.log(first);`,
      resolveDir: folder,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@unrolled/source'],
    external: ['@tensorflow/*', 'webgpu'],
    logLevel: 'silent',
  });
  const run = spawnSync(process.execPath, ['--input-type=module', '-'], {
    cwd: folder,
    input: outputFiles[0]!.text,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect([run.status, run.signal, run.stdout.trim()]).toEqual([0, null, '3']);
});

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { environmentOf, type Setting } from './backends.ts';
import type { Laws } from './row.ts';

/** Tests that run on any backend that UNROLLED_BACKENDS names: parity with float64, the laws of every export, the gradients of CRsAE. */
const files = [
  'packages/backend/test/parity',
  'packages/operators/test/conformance',
  'packages/prox/test/conformance',
  'packages/likelihoods/test/conformance',
  'packages/solvers/test/backends',
  'packages/solvers/test/conformance',
  'packages/unroll/test/backends',
  'packages/unroll/test/conformance',
  'packages/crsae/test/conformance',
  'packages/crsae/test/gradients',
];

/** The part of vitest's report that is used. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Runs the tests of the workspace on a backend.
 *
 * @param root of the repository
 */
export async function runLaws(root: string, setting: Setting): Promise<Laws> {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-laws-'));
  const output = join(folder, 'report.json');
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    // An imitated graphics card takes minutes for what takes a second elsewhere.
    const options = ['--reporter=json', `--outputFile=${output}`, '--testTimeout=1200000'];
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...files], {
      cwd: root,
      stdio: 'ignore',
      env: {
        ...environmentOf(setting),
        UNROLLED_BACKENDS: setting.name,
        ...(setting.folder && { UNROLLED_TENSORFLOW: resolve(setting.folder) }),
      },
    });
    await new Promise((done) => child.on('close', done));
    return readReport(JSON.parse(readFileSync(output, 'utf8')) as Report, root);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readReport({ testResults }: Report, root: string): Laws {
  const failed = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name);
    const broken = assertionResults.filter((one) => one.status === 'failed');
    // A file that does not load has no tests that failed.
    if (status === 'failed' && broken.length === 0) return [`${file} does not load`];
    return broken.map(({ fullName }) => `${file}: ${fullName}`);
  });
  const passed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed'),
  );
  return { passed: passed.length, failed };
}

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { UnrolledError } from '@unrolled/contracts';
import { type LineProcess, lineProcess } from './line-process.ts';

/** The process of Python that runs all peers of a run. */
export interface PythonPeers {
  /** Starts it where it has not started: loading PyTorch takes seconds, so that all cases share one. */
  process(): LineProcess;
  stop(): void;
}

const script = fileURLToPath(new URL('../../peers/serve.py', import.meta.url));

/** The most threads that a peer is given. Two for everybody, as the figures are stated. */
const most = Math.min(2, availableParallelism());

/** @param python undefined where there is none: `process` then throws */
export function pythonPeers(python: string | undefined): PythonPeers {
  let running: LineProcess | undefined;
  return {
    process() {
      if (python === undefined) throw new UnrolledError('UNAVAILABLE', 'no Python with the peers');
      running ??= lineProcess(python, [script], {
        ...Object.fromEntries(
          ['OMP', 'OPENBLAS', 'MKL', 'NUMBA'].map((name) => [`${name}_NUM_THREADS`, String(most)]),
        ),
        ...blasKernel(),
        // Threads that wait by spinning make two threads ten times slower than one where anything else runs beside them.
        OMP_WAIT_POLICY: 'PASSIVE',
        PYTHONDONTWRITEBYTECODE: '1',
      });
      return running;
    },
    stop: () => running?.stop(),
  };
}

/** OpenBLAS does not know every processor, and then takes a slower kernel: `SkylakeX` is its name for AVX-512. */
function blasKernel(): { readonly [name: string]: string } {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8').includes('avx512f') ? { OPENBLAS_CORETYPE: 'SkylakeX' } : {};
  } catch {
    return {};
  }
}

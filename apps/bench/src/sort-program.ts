// Sorts a recording from a file in a process of its own, whose memory is that of sorting alone: JSON lines, as the peers.
//
//     {"do": "prepare", "path": …, "rate": …, "learned": FILE, "threads": 0}   0: in this thread
//     {"do": "run"} → {"seconds": …, "workers": [CPU seconds of each], "memory": bytes, "spikes": …, "digest": …}
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { useBackend } from '@unrolled/backend';
import { openRecording, type Recording } from '@unrolled/data';
import { parseSafetensors } from '@unrolled/formats';
import type { Executor } from '@unrolled/parallel';
import { workerThreads } from '@unrolled/parallel/node';
import { type Learned, loadLearned, sortRecording } from '@unrolled/spikes';

interface Ready {
  readonly recording: Recording;
  readonly learned: Learned;
  readonly executor: Executor | undefined;
  readonly threads: number;
}

let ready: Ready | undefined;

async function prepare(request: { path: string; rate: number; learned: string; threads: number }) {
  await useBackend('wasm');
  const { tensors, metadata } = parseSafetensors(readFileSync(request.learned));
  ready = {
    recording: await openRecording(request.path, { rate: request.rate }),
    learned: loadLearned({ tensors, metadata: metadata['learned']! }),
    executor: request.threads > 0 ? workerThreads({ threads: request.threads }) : undefined,
    threads: request.threads,
  };
  return {};
}

async function run() {
  const { recording, learned, executor, threads } = ready!;
  const before = cpuOfThreads();
  const start = performance.now();
  const sorted = await sortRecording(recording, learned, { find: 'code', executor });
  const seconds = (performance.now() - start) / 1000;
  // Workers are the threads that have worked most; the compiler's and the collector's have hardly.
  const workers = [...cpuOfThreads()]
    .filter(([thread]) => thread !== process.pid)
    .map(([thread, cpu]) => cpu - (before.get(thread) ?? 0))
    .sort((a, b) => b - a)
    .slice(0, threads);
  const digest = createHash('sha256').update(sorted.times).update(sorted.units).digest('hex');
  const memory = process.resourceUsage().maxRSS * 1024;
  return { seconds, workers, memory, spikes: sorted.times.length, digest };
}

/** CPU seconds of every thread of this process, where the system tells (Linux). */
function cpuOfThreads(): Map<number, number> {
  const times = new Map<number, number>();
  try {
    for (const thread of readdirSync('/proc/self/task')) {
      const [nanoseconds] = readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ');
      times.set(Number(thread), Number(nanoseconds) / 1e9);
    }
  } catch {
    // A thread may end while it is looked at; elsewhere there is no such file.
  }
  return times;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as { readonly do: string } & Parameters<typeof prepare>[0];
  const answer = await (request.do === 'prepare' ? prepare(request) : run()).catch((error: Error) => ({
    error: error.stack ?? error.message,
  }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

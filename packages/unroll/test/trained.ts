// Trains with a checkpoint after every step, tells of each, and is killed from outside.
import { useBackend } from '@unrolled/backend';
import { train } from '../src/index.ts';
import { fileStore } from '../src/node/index.ts';
import { makeExamples, makeNetwork, makeOptions } from './toy.ts';

await useBackend('wasm');
const checkpoint = { store: fileStore(process.argv[2]!), everySteps: 1 };
for await (const event of train(
  await makeNetwork(),
  makeExamples(),
  makeOptions({ epochs: 12, checkpoint }),
)) {
  process.stdout.write(`${event.type}\n`);
}

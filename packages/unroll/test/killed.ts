// Trains with a checkpoint after every step, and kills itself right after the step that it is told.
import { useBackend } from '@unrolled/backend';
import { train } from '../src/index.ts';
import { fileStore } from '../src/node/index.ts';
import { makeExamples, makeNetwork, makeOptions } from './toy.ts';

const [path, kill] = process.argv.slice(2);
await useBackend('wasm');
const network = await makeNetwork();
const checkpoint = { store: fileStore(path!), everySteps: 1 };
let steps = 0;
for await (const event of train(network, makeExamples(), makeOptions({ epochs: 3, checkpoint }))) {
  if (event.type === 'step' && ++steps === Number(kill)) process.kill(process.pid, 'SIGKILL');
}

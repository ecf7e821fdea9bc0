// Trains with a checkpoint in a file after every step, and tells of each event. It is killed from outside, or kills itself
// after the step that it is told: `train.mjs PATH EPOCHS [STEP]`.
import { useBackend } from '@unrolled/backend';
import { train } from '../../src/index.ts';
import { fileStore } from '../../src/node/index.ts';
import { makeExamples, makeNetwork, makeOptions } from '../toy.ts';

const [path, epochs, last] = process.argv.slice(2);
await useBackend('wasm');
const checkpoint = { store: fileStore(path!), everySteps: 1 };
const options = makeOptions({ epochs: Number(epochs), checkpoint });
let steps = 0;
for await (const event of train(await makeNetwork(), makeExamples(), options)) {
  process.stdout.write(`${event.type}\n`);
  if (event.type === 'step' && ++steps === Number(last)) process.kill(process.pid, 'SIGKILL');
}

import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from '@unrolled/backend';
import { isUnrolledError, type Network } from '@unrolled/contracts';
import { encodeSafetensors, parseSafetensors } from '@unrolled/formats';
import { gaussian } from '@unrolled/likelihoods';
import { dense } from '@unrolled/operators';
import { box } from '@unrolled/prox';
import { ista } from '@unrolled/solvers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  adam,
  type Loss,
  memoryStore,
  reconstruction,
  type Stage,
  sgd,
  type TrainOptions,
  train,
  unroll,
} from '../src/index.ts';
import { sizeOfBatch } from '../src/training/batches.ts';
import { bits, collect, makeExamples, makeNetwork, makeOptions } from './toy.ts';

await useBackend('wasm');

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

describe('batches of one’s own', () => {
  type Pair = { readonly input: tf.Tensor; readonly target: tf.Tensor };
  /** Codes that another network makes of the same signals. */
  const supervised: Loss<Pair> = (network, { input, target }) =>
    tf.tidy(() => tf.mean(tf.square(tf.sub(network.encode(input), target))));

  test('are records for a supervised loss, from a bare generator, and are freed', async () => {
    const [network, teacher, signals] = [await makeNetwork(1), await makeNetwork(2), makeExamples()];
    const options: TrainOptions<Pair> = {
      stages: [
        {
          name: 'imitate',
          train: ['operator.filters'],
          loss: supervised,
          optimizer: adam({ rate: 0.03 }),
        },
      ],
      epochs: 8,
    };
    const events = await collect(
      train(
        network,
        function* (random) {
          for (let batch = 0; batch < 4; batch++) {
            const input = tf.slice(signals, [random.integer(24), 0, 0], [8, 40, 1]);
            yield { input, target: teacher.encode(input) };
          }
        },
        options,
      ),
    );
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.losses['imitate']!] : []));
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
    tf.dispose([signals]);
    network.dispose();
    teacher.dispose();
  });

  test('are counted by the first axis of their first tensor', () => {
    const [three, scalar] = [tf.zeros([3, 2]), tf.scalar(0)];
    expect([three, { input: three, target: scalar }, [[three]], scalar, 17, {}].map(sizeOfBatch)).toEqual([
      3, 3, 3, 1, 1, 1,
    ]);
    tf.dispose([three, scalar]);
  });

  test('are freed where a stage throws, or the caller leaves', async () => {
    const network = await makeNetwork();
    const held = tf.memory().numTensors;
    const batches = function* () {
      for (;;) yield { input: tf.zeros([2, 40, 1]), target: tf.zeros([2, 34, 2]) };
    };
    const fails: Stage<Pair> = {
      name: 'fails',
      update: () => {
        throw new Error('the stage fails');
      },
    };
    await expect(collect(train(network, batches, { stages: [fails], epochs: 1 }))).rejects.toThrow(
      'the stage fails',
    );
    expect(tf.memory().numTensors).toBe(held);
    const idle: Stage<Pair> = { name: 'idle', update: () => undefined };
    for await (const _ of train(network, batches, { stages: [idle], epochs: 1 })) break;
    expect(tf.memory().numTensors).toBe(held);
    network.dispose();
  });
});

test('losses are means over the batches that had one; those of epoch updates are told with the epoch', async () => {
  const network = await makeNetwork();
  const examples = makeExamples();
  const sometimes: Stage = { name: 'sometimes', update: ({ step }) => (step % 2 === 0 ? step : undefined) };
  const once: Stage = { name: 'once', when: 'epoch', update: ({ step }) => 10 * step };
  const store = memoryStore();
  const options = () =>
    makeOptions({ epochs: 1, stages: [sometimes, once], checkpoint: { store, everySteps: 1 } });
  // Left after two of four steps: what they had is in the checkpoint.
  for await (const event of train(network, examples, options()))
    if (event.type === 'step' && event.step === 2) break;
  const events = await collect(train(network, examples, options()));
  const epoch = events.find((event) => event.type === 'epoch');
  expect(epoch!.losses).toEqual({ sometimes: (2 + 4) / 2, once: 40 });
  network.dispose();
  examples.dispose();
});

describe('early stopping', () => {
  /** A validation loss that is best after the second epoch, whatever the network does. */
  const options = (store = memoryStore()) => {
    const filters: number[][] = [];
    const validation = (network: Network) => {
      filters.push(Array.from(network.variables['operator.filters']!.dataSync()));
      return tf.scalar(validations[filters.length - 1 + offset]!);
    };
    let offset = 0;
    const validations = [3, 1, 2, 4, 5, 6];
    return {
      filters,
      skip: (epochs: number) => {
        offset = epochs;
      },
      train: makeOptions({
        epochs: 6,
        patience: 3,
        validation,
        checkpoint: { store, everySteps: 1 },
      }),
    };
  };

  test.each([
    ['in the first epoch', 2],
    ['in the third', 10],
    ['in the fourth', 13],
  ])('left %s: the best parameters so far, and the latest to go on from', async (_, left) => {
    const examples = makeExamples();
    const whole = await makeNetwork();
    const { filters, train: uninterrupted } = options();
    await collect(train(whole, examples, uninterrupted));

    const store = memoryStore();
    const network = await makeNetwork();
    const start = await bits(network);
    for await (const event of train(network, examples, options(store).train))
      if (event.type === 'step' && event.step === left) break;
    const now = await bits(network);
    if (left > 8) expect(now['operator.filters']).toEqual(filters[1]);
    else expect(now).not.toEqual(start);

    const again = options(store);
    again.skip(Math.floor((left - 1) / 4));
    await collect(train(network, examples, again.train));
    expect(await bits(network)).toEqual(await bits(whole));
    examples.dispose();
    network.dispose();
    whole.dispose();
  });

  test('that has stopped a run does not let it go on when it is started again', async () => {
    const examples = makeExamples();
    const store = memoryStore();
    const [network, other] = [await makeNetwork(), await makeNetwork()];
    await collect(train(network, examples, options(store).train));
    const events = await collect(train(other, examples, options(store).train));
    expect(events).toEqual([{ type: 'end', reason: 'early stopping', epoch: 5, step: 20 }]);
    expect(await bits(other)).toEqual(await bits(network));
    examples.dispose();
    network.dispose();
    other.dispose();
  });
});

describe('a checkpoint', () => {
  test('that does not fit changes nothing', async () => {
    const [network, examples, store] = [await makeNetwork(), makeExamples(), memoryStore()];
    await collect(train(network, examples, makeOptions({ epochs: 1, checkpoint: { store } })));
    const other = await makeNetwork(7);
    const start = await bits(other);
    const cases: [Partial<TrainOptions>, string][] = [
      // The file has the network's parameters, but none that were best.
      [{ patience: 1, validation: () => tf.scalar(1) }, 'parameters: missing'],
      [
        { stages: [...makeOptions({ epochs: 1 }).stages, { name: 'more', update: () => undefined }] },
        'stages filters, this run has stages filters, more',
      ],
      [{ seed: 3 }, 'seed 0, this run has seed 3'],
    ];
    for (const [change, message] of cases) {
      const call = collect(
        train(other, examples, makeOptions({ epochs: 2, checkpoint: { store }, ...change })),
      );
      await expect(call).rejects.toThrow(message);
      expect(await bits(other)).toEqual(start);
    }
    for (const each of [network, other]) each.dispose();
    examples.dispose();
  });

  test('whose header lies is refused as a file', async () => {
    const [network, examples, store] = [await makeNetwork(), makeExamples(), memoryStore()];
    const options = makeOptions({ epochs: 1, checkpoint: { store } });
    await collect(train(network, examples, options));
    const { tensors, metadata } = parseSafetensors((await store.read())!);
    await store.write(encodeSafetensors(tensors, { ...metadata, progress: '{' }));
    const error = await collect(train(network, examples, options)).catch((caught: unknown) => caught);
    expect(isUnrolledError(error, 'INVALID_FILE')).toBe(true);
    network.dispose();
    examples.dispose();
  });

  test('keeps stages apart whose names begin alike', async () => {
    const [network, examples, store] = [await makeNetwork(), makeExamples(), memoryStore()];
    const stage = { train: ['operator.filters'], loss: reconstruction(), optimizer: adam({ rate: 0.01 }) };
    const stages = [
      { ...stage, name: 'a' },
      { ...stage, name: 'a:b' },
    ];
    const options = () => makeOptions({ epochs: 1, stages, checkpoint: { store } });
    await collect(train(network, examples, options()));
    expect(await collect(train(network, examples, options()))).toHaveLength(1);
    network.dispose();
    examples.dispose();
  });

  test('of an epoch that has fewer batches now is refused', async () => {
    const [network, examples, store] = [await makeNetwork(), makeExamples(), memoryStore()];
    const batches = (count: number) =>
      function* () {
        for (let batch = 0; batch < count; batch++) yield tf.clone(examples);
      };
    const options = makeOptions({ epochs: 1, checkpoint: { store, everySteps: 1 } });
    for await (const event of train(network, batches(4), options))
      if (event.type === 'step' && event.step === 3) break;
    await expect(collect(train(network, batches(2), options))).rejects.toThrow(
      'checkpoint: 3 batches of this epoch are done, but the source gives 2',
    );
    network.dispose();
    examples.dispose();
  });
});

test('a parameter that was infinite from the start, a bound that bounds nothing, is no divergence', async () => {
  const draw = makeExamples();
  const [matrix, y] = tf.tidy(() => [
    tf.reshape(tf.slice(draw, [0, 0, 0], [2, 40, 1]), [8, 10]),
    tf.reshape(tf.slice(draw, [4, 0, 0], [1, 40, 1]), [5, 8]),
  ]);
  const prior = box(0, Number.POSITIVE_INFINITY);
  const network = await unroll(ista({ operator: dense(matrix!), prior, likelihood: gaussian() }), {
    layers: 3,
    train: ['operator.atoms'],
  });
  const stages = [
    { name: 'atoms', train: ['operator.atoms'], loss: reconstruction(), optimizer: sgd({ rate: 1e-3 }) },
  ];
  const events = await collect(train(network, y!, { stages, epochs: 2 }));
  expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'epochs' });
  tf.dispose([draw, matrix!, y!, prior.parameters]);
  network.dispose();
});

test.each([
  [{ stages: [{}] }, 'stages[0].name: expected a name'],
  [{ stages: [{ name: 'a' }] }, 'stages[0]: expected a stage with `loss` or `update`'],
  [{ stages: [{ name: 'a', loss: 3 }] }, 'stages[0].loss: expected a function, got 3'],
  [{ stages: [{ name: 'a', loss: () => 0, train: [] }] }, 'stages[0].optimizer: expected an optimiser'],
  [
    { stages: [{ name: 'a', update: () => 0, when: 'later' }] },
    'stages[0].when: expected one of step, epoch',
  ],
  [{ validation: 3 }, 'validation: expected a function of the network, got 3'],
  [{ checkpoint: { store: 'run.safetensors' } }, 'checkpoint.store: expected a store'],
  [{ epochs: 1.5 }, 'epochs: expected a whole number ≥ 1, got 1.5'],
])('refuses %j before any work', async (change, message) => {
  const [network, examples] = [await makeNetwork(), makeExamples()];
  const call = collect(train(network, examples, makeOptions({ epochs: 1, ...(change as object) })));
  await expect(call).rejects.toThrow(message);
  for (const nothing of [undefined, null, 3, {}])
    await expect(collect(train(network, nothing as never, makeOptions({ epochs: 1 })))).rejects.toThrow(
      'examples: expected',
    );
  network.dispose();
  examples.dispose();
});

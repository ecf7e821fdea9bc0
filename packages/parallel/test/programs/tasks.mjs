// Tasks as a worker loads them: plain JavaScript, which Node 20 can load in a worker.
import { threadId } from 'node:worker_threads';
import { UnrolledError } from '@unrolled/contracts';
import { moving } from '@unrolled/parallel';

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Squares, the later items sooner. */
export const squares = ({ scale, slowest = 0 }) => ({
  run: async (value) => {
    await sleep(Math.max(0, slowest - 5 * value));
    return scale * value * value;
  },
});

/** Which worker, how often it was set up, and how many items it had. */
let setUps = 0;
export const whoami = async ({ shared }) => {
  setUps++;
  await sleep(5);
  let items = 0;
  if (shared) Atomics.add(new Int32Array(shared), 0, 1);
  return {
    run: async () => {
      await sleep(5);
      return { threadId, setUps, items: ++items };
    },
    close: () => void (shared && Atomics.add(new Int32Array(shared), 1, 1)),
  };
};

/** Fails where it is told to. */
export const failing = () => ({
  run: (item) => {
    if (item === 'ours') {
      throw new UnrolledError('NOT_FINITE', 'signal: expected finite numbers', {
        cause: new RangeError('why'),
      });
    }
    if (item === 'theirs') throw Object.assign(new TypeError('no such thing'), { code: 'ENOENT' });
    if (item === 'string') throw 'just so';
    if (item === 'exit') process.exit(3);
    if (item === 'uncloneable') return () => 1;
    return item;
  },
});

export const notSetUp = () => {
  throw new UnrolledError('UNAVAILABLE', 'no backend here');
};

/** Counts in shared memory without ever giving way. */
export const endless = ({ counter }) => ({
  run: () => {
    const counts = new Int32Array(counter);
    for (;;) Atomics.add(counts, 0, 1);
  },
});

/** Doubles in place and hands the buffer back. */
export const doubling = () => ({
  run: (values) => {
    for (let i = 0; i < values.length; i++) values[i] *= 2;
    return moving({ values, threadId }, [values.buffer]);
  },
});

/** Takes `steps` steps of a recursion that rounds, from the item. */
export const recursion = ({ steps }) => ({
  run: (start) => {
    let value = start;
    for (let i = 0; i < steps; i++) value = Math.fround(Math.sin(value) * 1.7 + 0.1 * start);
    return value;
  },
});

export const notAFunction = 3;

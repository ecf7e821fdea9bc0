import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { isUnrolledError } from '@unrolled/contracts';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engine } from '../src/engine/state.ts';
import {
  collectScope,
  customGradient,
  defineKernel,
  useBackend,
  valueAndGradients,
  vectorJacobianProduct,
  withoutGradient,
} from '../src/index.ts';

// What is here reaches into tfjs's engine. These are the canaries: a release of tfjs that changes its inside fails them.

const x = () => tf.tensor1d([1, 2, 3]);
const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()];
const energy = (t: Tensor): Tensor => tf.sum(tf.square(t));
const fail = (): never => {
  throw new Error('on purpose');
};

let tensors = 0;
beforeAll(async () => {
  await useBackend('wasm');
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
  tf.engine().startScope();
});
afterEach(() => {
  // Whatever a test made is swept here; what outlives it was kept on a tape that nobody swept.
  tf.engine().endScope();
  expect(tf.memory().numTensors).toBe(tensors);
  const { activeTape, gradientDepth, kernelDepth } = engine().state;
  expect([activeTape ?? null, gradientDepth, kernelDepth]).toEqual([null, 0, 0]);
});

/** How many tensors are alive after `f` that were not before. */
function made(f: () => unknown): number {
  const before = tf.memory().numTensors;
  f();
  return tf.memory().numTensors - before;
}

describe('valueAndGradients', () => {
  it('gives the value and the gradients, and leaves nothing else', () => {
    const a = x();
    const count = made(() => {
      const { value, gradients } = valueAndGradients(() => energy(tf.mul(a, 3)), [a]);
      expect(numbers(value)).toEqual([126]);
      expect(numbers(gradients[0]!)).toEqual([18, 36, 54]);
    });
    expect(count).toBe(2);
  });

  it('says null where the value does not depend on a variable', () => {
    const [a, b] = [x(), x()];
    const { gradients } = valueAndGradients(() => energy(a), [a, b]);
    expect(gradients[1]).toBeNull();
  });

  it('differentiates with respect to variables, the value itself included', () => {
    const scale = tf.variable(tf.scalar(2));
    const { value, gradients } = valueAndGradients(() => scale, [scale]);
    expect([numbers(value), numbers(gradients[0]!)]).toEqual([[2], [1]]);
    expect(value).not.toBe(scale);
    scale.dispose();
  });

  it('leaves nothing where the function throws', () => {
    const a = x();
    expect(
      made(() => expect(() => valueAndGradients(() => fail.call(energy(a)), [a])).toThrow('on purpose')),
    ).toBe(0);
  });

  it('leaves nothing where a gradient throws', () => {
    const a = x();
    const count = made(() =>
      expect(() =>
        valueAndGradients(() => {
          const [y] = customGradient([tf.square(a)], () => [tf.exp(a)], fail);
          return tf.sum(y!);
        }, [a]),
      ).toThrow('on purpose'),
    );
    expect(count).toBe(0);
  });

  it('nests: second derivatives', () => {
    const a = x();
    const { gradients } = valueAndGradients(() => {
      const inner = valueAndGradients(() => tf.sum(tf.pow(a, 3)), [a]);
      return tf.sum(inner.gradients[0]!);
    }, [a]);
    expect(numbers(gradients[0]!).map(Math.round)).toEqual([6, 12, 18]);
  });

  it('sweeps an inner computation that throws and is caught', () => {
    const a = x();
    const { gradients } = valueAndGradients(() => {
      expect(() => valueAndGradients(() => fail.call(energy(a)), [a])).toThrow('on purpose');
      return energy(a);
    }, [a]);
    expect(numbers(gradients[0]!)).toEqual([2, 4, 6]);
  });

  it('refuses what is no scalar, and no variables', () => {
    const a = x();
    const code = (f: () => unknown) => {
      try {
        f();
      } catch (error) {
        return isUnrolledError(error) ? error.code : error;
      }
      return undefined;
    };
    expect(code(() => valueAndGradients(() => tf.square(a), [a]))).toBe('INVALID_SHAPE');
    expect(code(() => valueAndGradients(() => energy(a), []))).toBe('INVALID_ARGUMENT');
  });
});

describe('withoutGradient', () => {
  it('stops the gradient, also of what is handed through', () => {
    const a = x();
    const { gradients } = valueAndGradients(() => {
      const { square, same } = withoutGradient(() => ({ square: tf.square(a), same: a }));
      return tf.sum(tf.mul(tf.mul(square, same), a));
    }, [a]);
    // d/da of c·a with c = a³ held.
    expect(numbers(gradients[0]!)).toEqual([1, 8, 27]);
  });

  it('records nothing', () => {
    const a = x();
    valueAndGradients(() => {
      const before = engine().state.activeTape!.length;
      withoutGradient(() => [tf.exp(tf.square(a))]);
      expect(engine().state.activeTape!.length).toBe(before);
      return energy(a);
    }, [a]);
  });

  it('disposes of temporaries and lets gradients be taken inside', () => {
    const a = x();
    const count = made(() => {
      const gradient = withoutGradient(
        () => valueAndGradients(() => energy(tf.mul(a, 2)), [a]).gradients[0]!,
      );
      expect(numbers(gradient)).toEqual([8, 16, 24]);
    });
    expect(count).toBe(1);
  });

  it('puts the tape back where f throws', () => {
    const a = x();
    const { gradients } = valueAndGradients(() => {
      expect(() => withoutGradient(fail)).toThrow('on purpose');
      return energy(a);
    }, [a]);
    expect(numbers(gradients[0]!)).toEqual([2, 4, 6]);
  });
});

describe('vectorJacobianProduct', () => {
  it('sums over several outputs, with zeros where nothing depends', () => {
    const [a, b, dy] = [x(), x(), tf.tensor1d([1, 10, 100])];
    const count = made(() => {
      const [da, db] = vectorJacobianProduct(() => [tf.square(a), tf.mul(a, 3)], [a, b], [dy, dy]);
      expect(numbers(da!)).toEqual([5, 70, 900]);
      expect(numbers(db!)).toEqual([0, 0, 0]);
    });
    expect(count).toBe(2);
  });

  it('works inside a backward pass, where tf.grads destroys the tape', () => {
    const a = x();
    const recomputed = (input: Tensor): Tensor =>
      customGradient(
        [input],
        (save) => {
          save(input);
          return [tf.square(input)];
        },
        ([dy], [saved]) => vectorJacobianProduct(() => [tf.square(saved!)], [saved!], [dy!]),
      )[0]!;
    const count = made(() => {
      const { gradients } = valueAndGradients(() => tf.sum(recomputed(recomputed(a))), [a]);
      expect(numbers(gradients[0]!)).toEqual([4, 32, 108]);
    });
    expect(count).toBe(2);
  });

  it('refuses dys of other shapes and leaves nothing', () => {
    const a = x();
    const count = made(() => {
      expect(() => vectorJacobianProduct(() => [tf.square(a)], [a], [])).toThrow(
        /dys: expected tensors of shapes \[3\]/,
      );
      expect(() => vectorJacobianProduct(() => fail.call(tf.square(a)), [a], [a])).toThrow('on purpose');
    });
    expect(count).toBe(0);
  });
});

describe('customGradient', () => {
  it('has several results, whose gradients come together', () => {
    const [a, b] = [x(), tf.tensor1d([5, 5, 5])];
    const { gradients } = valueAndGradients(() => {
      const [sum, difference] = customGradient(
        [a, b],
        () => [tf.add(a, b), tf.sub(a, b)],
        ([ds, dd]) => [tf.add(ds!, dd!), tf.sub(ds!, dd!)],
      );
      return tf.add(tf.sum(tf.mul(sum!, 2)), tf.sum(difference!));
    }, [a, b]);
    expect(gradients.map((gradient) => numbers(gradient!))).toEqual([
      [3, 3, 3],
      [1, 1, 1],
    ]);
  });

  it('gives zeros for a result that is not used', () => {
    const a = x();
    const { gradients } = valueAndGradients(() => {
      const [first] = customGradient(
        [a],
        () => [tf.square(a), tf.exp(a)],
        ([d1, d2]) => [tf.add(d1!, d2!)],
      );
      return tf.sum(first!);
    }, [a]);
    expect(numbers(gradients[0]!)).toEqual([1, 1, 1]);
  });

  it('never hands over one gradient as two, nor an input as a result', () => {
    const [a, b] = [x(), x()];
    const count = made(() => {
      const { gradients } = valueAndGradients(() => {
        const [same] = customGradient(
          [a, b],
          () => [a],
          ([dy]) => [dy!, dy!],
        );
        expect(same).not.toBe(a);
        return tf.sum(tf.add(tf.mul(same!, a), b));
      }, [a, b]);
      expect(gradients.map((gradient) => numbers(gradient!))).toEqual([
        [2, 4, 6],
        [2, 3, 4],
      ]);
    });
    expect(count).toBe(3);
  });

  it('saves nothing where forward throws, or no tape records', () => {
    const a = x();
    const throws = (save: (...tensors: Tensor[]) => void) => {
      save(tf.square(a));
      return fail();
    };
    expect(
      made(() => {
        expect(() => valueAndGradients(() => customGradient([a], throws, fail)[0]!, [a])).toThrow(
          'on purpose',
        );
        tf.dispose(customGradient([a], (save) => [save(a) ?? tf.square(a)], fail));
      }),
    ).toBe(0);
  });

  it('refuses a wrong number of gradients', () => {
    const a = x();
    expect(() =>
      valueAndGradients(
        () =>
          tf.sum(
            customGradient(
              [a],
              () => [tf.square(a)],
              () => [],
            )[0]!,
          ),
        [a],
      ),
    ).toThrow(/backward: expected 1 gradients/);
  });
});

describe('inside a backward pass', () => {
  // Each of the helpers where the tape outside is being played back: it must find its tape again afterwards.
  const within = (backward: (dy: Tensor, input: Tensor) => Tensor) => {
    const a = x();
    const square = (input: Tensor): Tensor =>
      customGradient(
        [input],
        (save) => {
          save(input);
          return [tf.square(input)];
        },
        ([dy], [saved]) => [backward(dy!, saved!)],
      )[0]!;
    const count = made(() => {
      const { gradients } = valueAndGradients(() => tf.sum(square(square(a))), [a]);
      expect(numbers(gradients[0]!)).toEqual([4, 32, 108]);
    });
    // The value and the gradient.
    expect(count).toBe(2);
  };

  it('valueAndGradients', () => {
    within(
      (dy, input) => valueAndGradients(() => tf.sum(tf.mul(tf.square(input), dy)), [input]).gradients[0]!,
    );
  });

  it('withoutGradient', () => {
    within((dy, input) => withoutGradient(() => tf.mul(dy, tf.mul(2, input))));
  });

  it('collectScope', () => {
    within((dy, input) => collectScope(() => tf.mul(dy, tf.mul(2, input))).value);
  });

  it('a computation that throws and is caught', () => {
    within((dy, input) => {
      expect(() => valueAndGradients(() => fail.call(energy(input)), [input])).toThrow('on purpose');
      return tf.mul(dy, tf.mul(2, input));
    });
  });
});

describe('collectScope', () => {
  it('lists what is alive: returned, or kept in a closure', () => {
    const lists = collectScope(() => {
      const hidden = tf.square(x());
      const gone = tf.exp(hidden);
      gone.dispose();
      return () => hidden;
    });
    // x() itself, and its square.
    expect(lists.tensors.length).toBe(2);
    expect(lists.tensors).toContain(lists.value());
    expect(numbers(lists.value())).toEqual([1, 4, 9]);
    tf.dispose(lists.tensors);
    expect(lists.value().isDisposed).toBe(true);
  });

  it('lists what a tidy inside hands on, and not what a tape has kept', () => {
    const a = x();
    const { tensors } = collectScope(() => tf.tidy(() => valueAndGradients(() => energy(a), [a]).value));
    expect(tensors.length).toBe(1);
  });

  it('hands what it lists to the scope around it', () => {
    expect(made(() => tf.tidy(() => void collectScope(() => tf.exp(x()))))).toBe(0);
  });

  it('disposes of everything where f throws', () => {
    expect(made(() => expect(() => collectScope(() => fail.call(x()))).toThrow('on purpose'))).toBe(0);
  });
});

describe('defineKernel', () => {
  const computed: string[] = [];
  const product = defineKernel({
    name: 'TestProduct',
    forward: ({ a, b }) => tf.mul(a, tf.add(b, 0)),
    gradients: {
      a: ({ dy, inputs }) => {
        computed.push('a');
        return tf.mul(dy, inputs.b);
      },
      b: ({ dy, inputs }) => {
        computed.push('b');
        return tf.mul(tf.add(dy, 0), inputs.a);
      },
    },
  });
  const exponential = defineKernel<'a', { rate: number }>({
    name: 'TestExponential',
    forward: ({ a }, { rate }) => tf.exp(tf.mul(a, rate)),
    gradients: { a: ({ dy, output, attributes }) => tf.mul(tf.mul(dy, output), attributes.rate) },
    savesOutput: true,
  });
  const through = defineKernel({
    name: 'TestThrough',
    forward: ({ a }) => a,
    gradients: { a: ({ dy }) => dy },
  });

  it('computes a gradient only where it is needed', () => {
    const [a, b] = [x(), x()];
    computed.length = 0;
    const count = made(() => {
      const { gradients } = valueAndGradients(() => tf.sum(product({ a, b })), [b]);
      expect(numbers(gradients[0]!)).toEqual([1, 2, 3]);
    });
    expect(computed).toEqual(['b']);
    expect(count).toBe(2);
  });

  it('is one node of the tape, and leaves no temporary', () => {
    const [a, b] = [x(), x()];
    valueAndGradients(() => {
      const y = tf.sum(product({ a, b }));
      // Beside it are the clones that tfjs saves, named after the op around them.
      const names = engine().state.activeTape!.map(({ kernelName }) => kernelName);
      expect(names.filter((name) => tf.getGradient(name))).toEqual(['TestProduct', 'Sum']);
      return y;
    }, [a]);
    expect(made(() => product({ a, b }))).toBe(1);
  });

  it('has attributes, and its result where it saves it', () => {
    const a = tf.tensor1d([0, 1]);
    const { gradients } = valueAndGradients(() => tf.sum(exponential({ a }, { rate: 2 })), [a]);
    expect(numbers(gradients[0]!)[0]).toBe(2);
    expect(numbers(gradients[0]!)[1]).toBeCloseTo(2 * Math.exp(2), 4);
  });

  it('never aliases what came in, forward or backward', () => {
    const a = x();
    const count = made(() => {
      const y = through({ a });
      expect(y).not.toBe(a);
      const { gradients } = valueAndGradients(() => tf.sum(tf.mul(through({ a }), a)), [a]);
      expect(numbers(gradients[0]!)).toEqual([2, 4, 6]);
    });
    expect(count).toBe(3);
  });

  it('differentiates twice', () => {
    const a = x();
    const { gradients } = valueAndGradients(
      () =>
        tf.sum(valueAndGradients(() => tf.sum(product({ a, b: product({ a, b: a }) })), [a]).gradients[0]!),
      [a],
    );
    expect(numbers(gradients[0]!)).toEqual([6, 12, 18]);
  });

  it('refuses a name twice', () => {
    const again = { name: 'TestThrough', forward: ({ a }: { a: Tensor }) => a, gradients: { a: fail } };
    expect(() => defineKernel(again)).toThrow(/already defined/);
  });
});

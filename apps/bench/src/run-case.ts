import type {
  BenchContext,
  Case,
  CaseResult,
  Missing,
  Reached,
  Variant,
  VariantResult,
} from './benchmark.ts';
import { median } from './median.ts';

/** Seconds of measuring: as many turns as fit, at least `leastTurns`, but none that would end beyond `limit` after the case began. */
const budget = { full: 15, smoke: 0 } as const;
const leastTurns = { full: 5, smoke: 1 } as const;
const limit = 240;

/** A variant that ran, and what its runs gave. */
interface Measured {
  readonly variant: Variant;
  readonly reached: Reached;
  /** Seconds of the run that warmed it up, as it measures itself. */
  readonly cold: number;
  /** Seconds of the runs that count. */
  readonly times: number[];
}

const secondsSince = (then: number): number => (performance.now() - then) / 1000;

/** Runs the variants of a case in turns, so that what disturbs the machine disturbs all of them, and takes medians. */
export async function runCase(one: Case, context: BenchContext): Promise<CaseResult> {
  const began = performance.now();
  context.log(`${one.name}: preparing`);
  const { variants, missing = [], figures, dispose } = await one.prepare(context);
  try {
    const measured: Measured[] = [];
    const failed: Missing[] = [];
    for (const variant of variants) {
      try {
        measured.push(await warmUp(variant));
        context.log(`${one.name}: ${variant.name}, ${secondsSince(began).toFixed(0)} s since the case began`);
      } catch (error) {
        // A peer that fails is no reason not to measure the others; ours is.
        if (variant.name.startsWith('unrolled')) throw error;
        failed.push({ name: variant.name, reason: (error as Error).message });
      }
    }
    await takeTurns(measured, context.size, began);
    const results = measured.map(resultOf).sort((a, b) => rank(a) - rank(b));
    const find = (name: string) => results.find((result) => result.name === name);
    // A smoke run has other sizes: its times are held against nothing.
    const goals = context.size === 'full' ? one.goals.flatMap((goal) => goal(find) ?? []) : [];
    return {
      name: one.name,
      variants: results,
      missing: [...missing, ...failed],
      figures: [...goals, ...(figures?.(results) ?? [])],
    };
  } finally {
    await dispose();
  }
}

/** The first run, which is not counted unless it is the only one, and what it reached. */
async function warmUp(variant: Variant): Promise<Measured> {
  const cold = await timeOf(variant);
  return { variant, cold, times: variant.once === true ? [cold] : [], reached: await variant.examine() };
}

async function takeTurns(
  measured: readonly Measured[],
  size: BenchContext['size'],
  began: number,
): Promise<void> {
  const repeated = measured.filter(({ variant }) => variant.once !== true);
  const turnTakes = repeated.reduce((sum, { cold }) => sum + cold, 0);
  const start = performance.now();
  for (let turn = 0; repeated.length > 0; turn++) {
    const enough = turn >= leastTurns[size] && secondsSince(start) >= budget[size];
    if (enough || secondsSince(began) + turnTakes > limit) break;
    for (const { variant, times } of repeated) times.push(await timeOf(variant));
  }
}

/** Runs a variant: by its own clock where it has one, which does not count the way to another process. */
async function timeOf(variant: Variant): Promise<number> {
  const before = performance.now();
  const measured = await variant.run();
  return measured ?? secondsSince(before);
}

function resultOf({ variant, reached, cold, times }: Measured): VariantResult {
  const { name, version, threads, scaled = 1, about = '' } = variant;
  // Where there was no time for a turn, the run that was to warm up is what there is.
  const counted = times.length > 0 ? times : [cold];
  const seconds = median(counted) * scaled;
  return { name, version, threads, seconds, runs: counted.length, ...reached, scaled, about };
}

/** Ours first, then plain tfjs, then the peers. */
function rank({ name }: VariantResult): number {
  const place = ['unrolled', 'tfjs'].findIndex((kind) => name.startsWith(kind));
  return place < 0 ? 2 : place;
}

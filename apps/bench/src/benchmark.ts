import { median } from './median.ts';
import type { PeerChoice } from './peers/choice.ts';
import type { LineProcess } from './peers/line-process.ts';

/** What a run reached, by the reference functions of `reference/` in float64; null where a case has no such number. */
export interface Reached {
  readonly objective: number | null;
  /** The distance to the reference, relative, or what the case says that its error is. */
  readonly error: number | null;
}

/** One way of doing a case's work. All variants of a case are run in turns. */
export interface Variant {
  /** `unrolled` is ours, `tfjs` the same in plain tfjs, the others are peers, or other variants of ours: `unrolled-fista`. */
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /** 20 where a twentieth of the work is run: seconds are given for all of it. Default 1. */
  readonly scaled?: number;
  /** Run once, without a run before it to warm up: minutes of work. */
  readonly once?: boolean;
  /** What it is, for a reader of the page. */
  readonly about?: string;
  /** The work, once. Ends when its result is on the host; gives the seconds where another process has measured them. */
  run(): Promise<number | undefined>;
  /** What the last run reached. */
  examine(): Promise<Reached>;
}

/** A variant that could not be prepared, and what to do about it. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** A figure beside its goal. */
export interface Figure {
  readonly what: string;
  readonly goal: string;
  readonly figure: string;
  /** Undefined where there is nothing to reach, or a peer to compare with was not there. */
  readonly met: boolean | undefined;
}

/** What a case is run with. */
export interface BenchContext {
  /** `smoke` runs in a second and proves that the case works; its times mean nothing. */
  readonly size: 'full' | 'smoke';
  readonly peers: PeerChoice;
  /** The process of the peers in Python, started where it has not been. */
  python(): LineProcess;
  /** A folder for files, of this run alone. */
  readonly folder: string;
  log(line: string): void;
}

/** A case that is ready to run. */
export interface Prepared {
  readonly variants: readonly Variant[];
  readonly missing?: readonly Missing[];
  /** Figures that are no times: memory, growth. Asked for after all runs. */
  figures?(results: readonly VariantResult[]): readonly Figure[];
  dispose(): void | Promise<void>;
}

export interface Case {
  readonly name: string;
  readonly about: string;
  /** Run where it is asked for by name alone. */
  readonly onRequest?: boolean;
  /** What its `error` is. */
  readonly error: string;
  readonly goals: readonly Goal[];
  prepare(context: BenchContext): Promise<Prepared>;
}

/** A goal of a case, held against its results; undefined where a variant that it is about did not run. */
export type Goal = (find: (variant: string) => VariantResult | undefined) => Figure | undefined;

export interface VariantResult {
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /** Median over the runs, of the whole work. */
  readonly seconds: number;
  readonly runs: number;
  readonly objective: number | null;
  readonly error: number | null;
  readonly scaled: number;
  readonly about: string;
}

export interface CaseResult {
  readonly name: string;
  readonly variants: readonly VariantResult[];
  readonly missing: readonly Missing[];
  readonly figures: readonly Figure[];
}

/** Seconds of measuring: as many turns as fit, at least `leastTurns`, but never beyond `limit` after the case began. */
const budget = { full: 15, smoke: 0 } as const;
const leastTurns = { full: 5, smoke: 1 } as const;
const limit = 200;

/** Runs the variants of a case in turns, so that what disturbs the machine disturbs all of them, and takes medians. */
export async function runCase(one: Case, context: BenchContext): Promise<CaseResult> {
  const began = performance.now();
  const secondsSince = (then: number): number => (performance.now() - then) / 1000;
  context.log(`${one.name}: preparing`);
  const { variants: prepared, missing = [], figures, dispose } = await one.prepare(context);
  try {
    const variants: Variant[] = [];
    const failed: Missing[] = [];
    const reached: Reached[] = [];
    const times: number[][] = [];
    let turnTakes = 0;
    for (const variant of prepared) {
      try {
        const before = performance.now();
        const measured = await variant.run();
        const took = secondsSince(before);
        if (variant.once !== true) turnTakes += took;
        context.log(
          `${one.name}: ${variant.name} ran for ${took.toFixed(1)} s; ${secondsSince(began).toFixed(0)} s since the case began`,
        );
        reached.push(await variant.examine());
        variants.push(variant);
        times.push(variant.once === true ? [measured ?? took] : []);
      } catch (error) {
        // A peer that fails is no reason not to measure the others; ours is.
        if (variant.name.startsWith('unrolled')) throw error;
        failed.push({ name: variant.name, reason: (error as Error).message });
      }
    }
    const start = performance.now();
    for (let turn = 0; turnTakes > 0; turn++) {
      const enough = turn >= leastTurns[context.size] && secondsSince(start) >= budget[context.size];
      if (enough || (turn > 0 && secondsSince(began) + turnTakes > limit)) break;
      for (const [index, variant] of variants.entries()) {
        if (variant.once === true) continue;
        const before = performance.now();
        const measured = await variant.run();
        times[index]!.push(measured ?? secondsSince(before));
      }
    }
    const results = variants.map(
      ({ name, version, threads, scaled = 1, about = '' }, index): VariantResult => ({
        name,
        version,
        threads,
        seconds: median(times[index]!) * scaled,
        runs: times[index]!.length,
        ...reached[index]!,
        scaled,
        about,
      }),
    );
    const find = (name: string) => results.find((result) => result.name === name);
    // A smoke run has other sizes: its times are held against nothing.
    const goals = context.size === 'full' ? one.goals.flatMap((goal) => goal(find) ?? []) : [];
    return {
      name: one.name,
      variants: results.sort((a, b) => rank(a) - rank(b)),
      missing: [...missing, ...failed],
      figures: [...goals, ...(figures?.(results) ?? [])],
    };
  } finally {
    await dispose();
  }
}

/** Ours first, then plain tfjs, then the peers. */
const rank = ({ name }: VariantResult): number =>
  ['unrolled', 'tfjs'].findIndex((kind) => name.startsWith(kind)) >>> 0;

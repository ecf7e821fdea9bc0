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

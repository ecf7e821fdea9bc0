/** Where a long command stands, for the person who waits. It is told on stderr: stdout is for results. */
export interface Progress {
  /** A new stage begins: `learning`, `sorting`. Ends the one before. */
  stage(title: string): void;
  /** How far the stage is, 0 … 1. */
  update(fraction: number): void;
  /** Something that the user must know, such as a channel that is left out. */
  note(text: string): void;
  /** The last stage is over. */
  finish(): void;
  /** How long every stage took that is over, in their order. */
  times(): readonly StageTime[];
}

export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
}

interface Stage {
  readonly title: string;
  readonly since: number;
  fraction: number;
  shownAt: number;
  shownFraction: number;
}

/** What progress needs of a stream. `process.stderr` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;

/** A bar that redraws itself on a terminal; elsewhere (a log, a pipe) a plain line every 10 s, or
 * every quarter where quarters take a while. */
export function progressOn(stream: ProgressStream, now: () => number = () => performance.now()): Progress {
  const interactive = stream.isTTY === true;
  let stage: Stage | undefined;
  const times: StageTime[] = [];

  const percent = (fraction: number): string => `${Math.round(100 * fraction)} %`.padStart(5);

  const draw = (current: Stage): void => {
    const full = Math.round(barWidth * current.fraction);
    const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
    const line = `${current.title.padEnd(12)} ${bar} ${percent(current.fraction)}`;
    stream.write(`\r\x1b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`);
  };

  const show = (current: Stage): void => {
    const elapsed = now() - current.shownAt;
    const due = interactive
      ? elapsed >= 100
      : elapsed >= 10_000 || (elapsed >= 1000 && current.fraction - current.shownFraction >= 0.25);
    if (!due || current.fraction >= 1) return;
    current.shownAt = now();
    current.shownFraction = current.fraction;
    if (interactive) draw(current);
    else stream.write(`${current.title}:${percent(current.fraction)}\n`);
  };

  const finish = (): void => {
    if (!stage) return;
    const seconds = (now() - stage.since) / 1000;
    times.push({ stage: stage.title, seconds });
    if (interactive) stream.write('\r\x1b[2K');
    stream.write(`${stage.title}: done in ${seconds.toFixed(1)} s\n`);
    stage = undefined;
  };

  return Object.freeze({
    stage: (title) => {
      finish();
      const since = now();
      stage = { title, since, fraction: 0, shownAt: since, shownFraction: 0 };
      if (interactive) draw(stage);
    },
    update: (fraction) => {
      if (!stage) return;
      stage.fraction = Math.min(1, Math.max(0, fraction));
      show(stage);
    },
    note: (text) => {
      if (interactive && stage) stream.write('\r\x1b[2K');
      stream.write(`${text}\n`);
      if (interactive && stage) draw(stage);
    },
    finish,
    times: () => [...times],
  } satisfies Progress);
}

/** Tells the stages of a long work, each with how much of it is done. */
export function tellingStages(progress: Progress): (stage: string, fraction: number) => void {
  let current: string | undefined;
  return (stage, fraction) => {
    if (stage !== current) progress.stage((current = stage));
    progress.update(fraction);
  };
}

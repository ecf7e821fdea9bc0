import { describe, expect, it } from 'vitest';
import { progressOn } from '../src/progress.ts';

/** A stream that remembers, and a clock that the test moves. */
function scene(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns: 40, write: (text: string) => written.push(text) };
  return { written, clock, progress: progressOn(stream, () => clock.now) };
}

describe('progress in a log', () => {
  it('writes plain lines, few of them', () => {
    const { written, clock, progress } = scene(false);
    progress.stage('learning');
    for (let step = 1; step <= 100; step++) {
      clock.now += 50;
      progress.update(step / 100);
    }
    progress.stage('sorting');
    progress.finish();
    expect(written).toEqual([
      'learning: 25 %\n',
      'learning: 50 %\n',
      'learning: 75 %\n',
      'learning: done in 5.0 s\n',
      'sorting: done in 0.0 s\n',
    ]);
    expect(progress.times()).toEqual([
      { stage: 'learning', seconds: 5 },
      { stage: 'sorting', seconds: 0 },
    ]);
  });

  it('speaks up every ten seconds of slow work', () => {
    const { written, clock, progress } = scene(false);
    progress.stage('learning');
    for (const fraction of [0.01, 0.02, 0.03]) {
      clock.now += 6000;
      progress.update(fraction);
    }
    expect(written).toEqual(['learning:  2 %\n']);
  });
});

describe('progress on a terminal', () => {
  it('redraws one line, within the width of the terminal', () => {
    const { written, clock, progress } = scene(true);
    progress.stage('learning');
    clock.now += 200;
    progress.update(0.5);
    const line = written.at(-1)!;
    expect(line.startsWith('\r\x1b[2K')).toBe(true);
    expect(line).toContain(`${'█'.repeat(12)}${'░'.repeat(12)}`);
    expect(line.slice('\r\x1b[2K'.length).length).toBeLessThan(40);
    expect(line).not.toContain('\n');
  });

  it('does not redraw more than ten times a second', () => {
    const { written, clock, progress } = scene(true);
    progress.stage('learning');
    for (let step = 0; step < 1000; step++) {
      clock.now += 1;
      progress.update(step / 1000);
    }
    expect(written.length).toBeLessThanOrEqual(12);
  });

  it('keeps a note and draws the bar again below it', () => {
    const { written, progress } = scene(true);
    progress.stage('checking');
    progress.note('note: channel 2 is left out');
    expect(written.join('')).toContain('note: channel 2 is left out\n');
    expect(written.at(-1)).toContain('checking');
  });
});

import { refuse, requireAllFinite, requireInteger, requirePositive, requireShape } from '@unrolled/contracts';
import type { ReportInput } from './input.ts';

/** Refuses input whose parts do not fit together, before anything is drawn. */
export function requireReportInput({ sorting, snippets, truth }: ReportInput): void {
  requirePositive('sorting.rate', sorting.rate);
  requireInteger('sorting.samples', sorting.samples);
  requireInteger('sorting.channels', sorting.channels);
  requireShape(
    'sorting.templates.shape',
    sorting.templates.shape,
    [-1, -1, sorting.channels],
    '[units, time, channels]',
  );
  const units = sorting.templates.shape[0]!;
  requireAllFinite('sorting.templates.data', sorting.templates.data);
  const size = sorting.templates.shape.reduce((product, axis) => product * axis, 1);
  requireCount('sorting.templates.data', sorting.templates.data, size);
  requireCount('sorting.peaks', sorting.peaks, units);
  requireCount('sorting.units', sorting.units, sorting.times.length);
  requireCount('sorting.amplitudes', sorting.amplitudes, sorting.times.length);
  requireAllFinite('sorting.times', sorting.times);
  requireAllFinite('sorting.amplitudes', sorting.amplitudes);
  for (let spike = 0; spike < sorting.times.length; spike++) {
    if (!(sorting.units[spike]! >= 0 && sorting.units[spike]! < units)) {
      refuse(`sorting.units[${spike}]`, sorting.units[spike], `a unit below ${units}`);
    }
    if (spike > 0 && sorting.times[spike]! < sorting.times[spike - 1]!) {
      refuse(`sorting.times[${spike}]`, sorting.times[spike], 'ascending times');
    }
  }
  for (const [index, { start, trace, reconstruction }] of snippets.entries()) {
    const name = `snippets[${index}]`;
    requireInteger(`${name}.start`, start, 0);
    if (trace.length === 0 || trace.length % sorting.channels !== 0) {
      refuse(`${name}.trace`, `${trace.length} values`, `a multiple of ${sorting.channels} channels`);
    }
    requireAllFinite(`${name}.trace`, trace);
    requireCount(`${name}.reconstruction`, reconstruction, trace.length);
    requireAllFinite(`${name}.reconstruction`, reconstruction);
  }
  if (truth?.templates) {
    requireShape(
      'truth.templates.shape',
      truth.templates.shape,
      [-1, -1, sorting.channels],
      '[units, time, channels]',
    );
  }
  if (truth?.times) requireCount('truth.units', truth.units ?? [], truth.times.length);
}

function requireCount(name: string, items: ArrayLike<unknown>, count: number): void {
  if (items.length !== count) refuse(name, `${items.length} entries`, String(count));
}

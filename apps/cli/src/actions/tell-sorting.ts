import { join } from 'node:path';
import { reportFile, type Summary } from '../output/summary.ts';
import { formatTable } from '../table.ts';

/** What a sorting found, on stdout; the last line is the path of the report. */
export function tellSorting({ units, spikes, recording }: Summary, folder: string): void {
  const lines = [
    `${count(units.length, 'unit')}, ${count(spikes, 'spike')} in ${recording.duration.toFixed(1)} s`,
  ];
  if (units.length > 0) {
    lines.push(
      formatTable(
        ['unit', 'spikes', 'Hz', 'channel'],
        units.map(({ unit, spikes, firingRate, peak }) => [
          unit,
          spikes,
          firingRate.toFixed(2),
          peak.channel,
        ]),
      ),
    );
  }
  lines.push(join(folder, reportFile));
  process.stdout.write(`${lines.join('\n')}\n`);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

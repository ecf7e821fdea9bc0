import { cpus } from 'node:os';
import { type Diagnosis, doctor as examine } from '@unrolled/backend';
import { UnrolledError } from '@unrolled/contracts';
import { formatTable } from '../table.ts';
import { version } from '../version.ts';

/** `unrolled doctor`: what can compute here, how fast, and what is missing for more. */
export async function doctor(): Promise<void> {
  const diagnoses = await examine();
  const works = diagnoses.filter((diagnosis) => diagnosis.status === 'works');
  const absent = diagnoses.filter((diagnosis) => diagnosis.status !== 'works');
  process.stdout.write(
    [
      `unrolled ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores`,
      '',
      formatTable(['backend', 'kernel ms', 'gradient ms', 'error', 'device'], works.map(rowOf)),
      ...absent.map(describeAbsent),
      '',
    ].join('\n'),
  );
  if (works.length === 0) throw new UnrolledError('UNAVAILABLE', 'no backend works here');
}

function rowOf({ name, kernelMs, gradientMs, relativeError, device, software }: Working): string[] {
  return [
    name,
    kernelMs.toFixed(2),
    gradientMs.toFixed(2),
    relativeError.toExponential(0),
    software ? `${device}, imitated on the processor: not used unasked` : device,
  ];
}

type Working = Extract<Diagnosis, { status: 'works' }>;

function describeAbsent({ name, status, reason, remedy }: Exclude<Diagnosis, Working>): string {
  return `\n${name} is ${status}: ${reason}\n  what to do: ${remedy}`;
}

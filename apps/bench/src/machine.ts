import { cpus, totalmem } from 'node:os';
import type { BackendReport } from '@unrolled/backend';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Gigabytes. */
  readonly memory: number;
  readonly node: string;
  /** The tfjs backend of ours, and what computes. */
  readonly backend: string;
  /** Processes that wanted a core, a mean over the minute before: 0 on an idle machine. */
  readonly load: number;
}

export function describeMachine({ name, device }: BackendReport, load: number): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    backend: `${name}: ${device}`,
    load,
  };
}

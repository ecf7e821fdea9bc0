import type { HeartbeatResult, HybridResult, PeerResult, TalkResult } from './recordings.ts';
import type { SortingResult } from './scored-recording.ts';
import type { RateRun, SimulationRun } from './simulation.ts';

export interface Results {
  readonly size: string;
  readonly backend: string;
  readonly simulations: readonly SimulationRun[];
  readonly rates: readonly RateRun[];
  readonly talk: TalkResult;
  readonly hybrid?: HybridResult;
  readonly peers?: readonly PeerResult[];
  readonly heartbeats?: readonly HeartbeatResult[];
  readonly recordings?: readonly SortingResult[];
}

export function page(results: Results, command: string): { markdown: string; pictures: Record<string, string> } {
  return { markdown: `${command}\n${JSON.stringify(results)}`, pictures: {} };
}

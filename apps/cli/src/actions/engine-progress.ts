import type { Progress as EngineProgress } from '@unrolled/spikes';
import type { Progress } from '../progress.ts';

/** Tells the user's progress what the engine tells of its own. */
export function tellingProgress(progress: Progress): (event: EngineProgress) => void {
  let stage: string | undefined;
  return (event) => {
    if (event.stage !== stage) progress.stage((stage = event.stage));
    progress.update(event.done / event.total);
  };
}

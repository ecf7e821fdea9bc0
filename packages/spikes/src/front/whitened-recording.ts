import { type Recording, requireRate } from '@unrolled/data';
import { conditioned, type FrontEnd } from './front-end.ts';

/**
 * A recording as the network sees it: filtered, scaled and whitened, with the used channels alone. It is read through the other one,
 * which stays its owner's.
 */
export function whitenedRecording(recording: Recording, frontEnd: FrontEnd): Recording {
  const { whitened, samples, channels } = conditioned(recording, frontEnd);
  return Object.freeze({
    name: `${recording.name}, whitened`,
    rate: requireRate({ name: recording.name, rate: frontEnd.rate }),
    samples,
    channels,
    dtype: 'float32' as const,
    read: whitened,
    close: async () => {},
  });
}

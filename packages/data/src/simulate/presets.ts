import { type SpikeSimulation, type SpikeSimulationOptions, simulateSpikes } from './simulate-spikes.ts';
import { simulateWindows, type WindowSimulation, type WindowSimulationOptions } from './simulate-windows.ts';

/**
 * The simulation on which CRsAE is known to recover the filters: 3 filters of 18 samples with cross-correlations of at
 * most 0.32, 320 windows of 500 samples, two spikes of each filter in each window, amplitudes N(12, 1), 16 dB.
 *
 * @param options whatever is to be otherwise, such as fewer `windows`
 * @example const { signals, filters, noiseDeviation } = crsaeSimulation({ seed: 1 });
 */
export function crsaeSimulation(options: WindowSimulationOptions = {}): WindowSimulation {
  return simulateWindows(options);
}

/**
 * The recording of the talk "The many faces of sparse coding": 3 neurons that fire 30 times a second for 17 minutes, on one
 * electrode at 10 kHz, 16 dB, templates of 45 samples. Ten million samples, made while they are read.
 *
 * @param options whatever is to be otherwise, such as a shorter `duration`
 * @example const { recording, truth } = talkSimulation({ seed: 1, duration: 60 });
 */
export function talkSimulation(options: SpikeSimulationOptions = {}): SpikeSimulation {
  return simulateSpikes({
    neurons: 3,
    duration: 17 * 60,
    rate: 10_000,
    firingRate: 30,
    templateDuration: 0.0045,
    snr: 16,
    maxCrossCorrelation: 0.4,
    ...options,
  });
}

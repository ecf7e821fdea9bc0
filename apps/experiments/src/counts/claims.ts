import { table } from '../markdown.ts';
import { mean, type RecordingResult, type Scores } from './recordings.ts';
import { scenarios } from './scenarios.ts';
import type { SimulationRun } from './simulation.ts';

/** What was asked for, what was measured, and whether that is it. */
export function claimsTable(
  simulations: readonly SimulationRun[],
  recordings: readonly RecordingResult[],
): string {
  const names = [...new Set(simulations.map(({ scenario }) => scenario))];
  return table(
    ['asked for', 'measured', 'reached'],
    [
      ...names.flatMap((scenario) => simulationClaims(scenario, simulations)),
      ...recordings.flatMap(recordingClaims),
    ],
  );
}

/** "By far": a Gaussian falls short of the true rates' deviance by so many times what the likelihood does. */
const far = 2;

function simulationClaims(scenario: string, all: readonly SimulationRun[]): string[][] {
  const of = (variant: string): SimulationRun[] =>
    all.filter((run) => run.scenario === scenario && run.variant === variant);
  const ours = of('the likelihood, refitted');
  const theirs = of('Gaussian, refitted');
  if (theirs.length === 0) return [];
  const errorsOf = (runs: readonly SimulationRun[]): number[] => runs.map((run) => mean(run.errors.at(-1)!));
  const gains = (value: (run: SimulationRun) => number): number[] =>
    theirs.map((other) => 100 * (ours.find(({ seed }) => seed === other.seed)!.heldOut.model - value(other)));
  const clipped = gains(({ heldOut }) => heldOut.clipped!);
  const tuned = gains(({ heldOut }) => heldOut.model);
  const short = (runs: readonly SimulationRun[]): number =>
    100 * mean(runs.map(({ heldOut }) => heldOut.truth - heldOut.model));
  const times = short(theirs) / short(ours);
  const errors = errorsOf(ours);
  return [
    [
      `${scenario}: shift-aware error below 0.1`,
      `${mean(errors).toFixed(3)}, by seed ${errors.map((error) => error.toFixed(3)).join(', ')}; Gaussian ${mean(errorsOf(theirs)).toFixed(3)}`,
      said(errors.every((error) => error < 0.1)),
    ],
    [
      `${scenario}: deviance better than the Gaussian’s`,
      `${signed(mean(clipped))} points of deviance explained where it is clipped to the valid range, ${signed(mean(tuned))} where its floor is tuned`,
      said([...clipped, ...tuned].every((gain) => gain > 0)),
    ],
    ...(scenarios.find(({ name }) => name === scenario)?.low
      ? [
          [
            `${scenario}: by far: the Gaussian ${far} times as far from the true rates or more`,
            `${short(ours).toFixed(1)} points of deviance from the true rates, the Gaussian ${short(theirs).toFixed(1)}: ${times.toFixed(1)} times`,
            said(times >= far),
          ],
        ]
      : []),
  ];
}

function recordingClaims({ name, networks, peers, shown }: RecordingResult): string[][] {
  const best = networks.find((own) => own.name === shown.options)!;
  return (peers ?? []).map((peer) => {
    const gains = best.explained.map((value, fold) => 100 * (value - peer.explained[fold]!));
    return [
      `${name}: held-out deviance, against ${peer.name}`,
      `DCEA, ${best.name}: ${signed(mean(gains))} points, by fold ${gains.map(signed).join(', ')}`,
      said(isBetter(best, peer)),
    ];
  });
}

const isBetter = (ours: Scores, theirs: Scores): boolean => mean(ours.explained) > mean(theirs.explained);
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
const said = (reached: boolean): string => (reached ? 'yes' : 'no');

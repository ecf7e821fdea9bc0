export { fista } from './fista.ts';
export { ista } from './ista.ts';
export { type Iterate, iterate } from './iterate.ts';
export { chambolleDossalMomentum, type Momentum, nesterovMomentum } from './momentum.ts';
export { objective, problemFor } from './objective.ts';
export { pacer } from './pacer.ts';
export type {
  ProximalGradientNames,
  ProximalGradientOptions,
  ProximalGradientState,
} from './proximal-gradient-options.ts';
export type { Restart, RestartState } from './restart.ts';
export { type PenaltyRule, type ResidualBalancingOptions, residualBalancing } from './salsa/penalty-rule.ts';
export { salsa } from './salsa/salsa.ts';
export type {
  ConjugateGradients,
  DenseForm,
  QuadraticProblem,
  SalsaNames,
  SalsaOptions,
  SalsaState,
} from './salsa/salsa-options.ts';
export { type IterationRecord, type Solution, type SolveOptions, solve } from './solve.ts';
export { type CodeSpaceFistaOptions, codeSpaceFista } from './sparse-code/code-space-fista.ts';
export { type CoordinateDescentOptions, coordinateDescent } from './sparse-code/coordinate-descent.ts';
export type {
  SparseCode,
  SparseProblem,
  SparseSolution,
  SparseSolveOptions,
  SparseSolver,
} from './sparse-code/sparse-solver.ts';
export { releaseState, tidied } from './state.ts';
export { dualityGap } from './stop/duality-gap.ts';
export { kktViolation } from './stop/kkt-violation.ts';
export { maxIterations } from './stop/max-iterations.ts';
export { relativeChange, relativeChanges } from './stop/relative-change.ts';
export type { CountingTest, MeasuringTest, StopRule, StopTest } from './stop/rule.ts';
export { dualResidual, primalResidual } from './stop/splitting-residuals.ts';
export { timeLimit } from './stop/time-limit.ts';

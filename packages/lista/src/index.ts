export { analyticLista } from './analytic-lista.ts';
export { analyticWeights } from './analytic-weights.ts';
export { type CoupledListaOptions, coupledLista } from './coupled-lista.ts';
export { type ListaOptions, lista } from './lista.ts';
export { type RecurrentNames, recurrentIsta } from './recurrent-ista.ts';
export { stepLista } from './step-lista.ts';
export { type SupportSelection, supportSelecting } from './support-selection.ts';

export { shrinkageStep } from './shrinkage';

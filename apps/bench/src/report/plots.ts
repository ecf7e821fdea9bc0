import type { KeptResult } from './store.ts';

export const figures = (_kept: readonly KeptResult[]): Record<string, string> => ({});

import { readFile } from 'node:fs/promises';
import type { CaseResult } from '../benchmark.ts';
import type { Machine } from '../machine.ts';

/** A case's results as they are kept beside the page: when, where, and with what they were measured. */
export interface KeptResult extends CaseResult {
  /** ISO date. */
  readonly date: string;
  readonly machine: Machine;
}

/**
 * The kept results with new ones in their place: a run of one case leaves the others on the page as they were.
 *
 * @param order names of all cases; results of others are dropped
 */
export function merged(
  kept: readonly KeptResult[],
  fresh: readonly KeptResult[],
  order: readonly string[],
): KeptResult[] {
  return order.flatMap(
    (name) => fresh.find((one) => one.name === name) ?? kept.find((one) => one.name === name) ?? [],
  );
}

/** The results that a page was made of; none where there is no page yet. */
export async function keptResults(file: string): Promise<KeptResult[]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KeptResult[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

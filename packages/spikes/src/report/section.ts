import type { Markup } from './html.ts';

/** One part of a report. */
export interface Section {
  /** Of the link to it. */
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

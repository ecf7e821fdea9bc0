import { curvePlot } from '@unrolled/plots';
import type { LearningEpoch } from '../learned.ts';
import { html, type Markup, trusted } from './html.ts';
import type { Section } from './section.ts';
import type { Subject } from './subject.ts';
import { captioned } from './tables.ts';

/** How learning went, epoch by epoch. */
export function learningSection({ input: { learning = [] } }: Subject): Section | undefined {
  const panels = [
    panel(learning, ({ loss }) => [loss], 'Loss', 'Mean over the samples of ½ (y − Hx)², whitened.'),
    panel(learning, ({ weights }) => weights, 'λ', 'Weight of the ℓ1 penalty, one line an atom.'),
    panel(
      learning,
      ({ moved }) => moved,
      'Distance moved',
      'Shift-aware distance of each template from where it began.',
    ),
  ].filter((figure) => figure !== undefined);
  if (panels.length === 0) return undefined;
  return { id: 'learning', title: 'Learning', body: html`<div class="grid narrow">${panels}</div>` };
}

/** One line for each number that an epoch has of this kind. */
function panel(
  learning: readonly LearningEpoch[],
  of: (epoch: LearningEpoch) => readonly number[],
  yLabel: string,
  caption: string,
): Markup | undefined {
  const lines = Math.max(0, ...learning.map((epoch) => of(epoch).length));
  const curves = Array.from({ length: lines }, (_, line) => {
    // A number that is not finite has no place on an axis: a loss that blew up leaves a gap.
    const points = learning.filter((epoch) => Number.isFinite(of(epoch)[line]));
    return { x: points.map(({ epoch }) => epoch), y: points.map((epoch) => of(epoch)[line]!) };
  }).filter(({ x }) => x.length > 0);
  if (curves.length === 0) return undefined;
  const values = curves.flatMap(({ y }) => y);
  // Logarithmic only where it shows more: over a factor of ten.
  const least = Math.min(...values);
  const yScale = least > 0 && Math.max(...values) > 10 * least ? 'log' : 'linear';
  return captioned(
    trusted(curvePlot(curves, { xLabel: 'Epoch', yLabel, yScale, width: 320, height: 220 })),
    caption,
  );
}

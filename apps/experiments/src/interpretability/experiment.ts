import { useBackend } from '@unrolled/backend';
import type { Experiment } from '../experiment.ts';
import { loadDigits } from './digits.ts';
import { type Identities, measureIdentities } from './identities.ts';
import { type Learned, learn } from './learn.ts';
import { type Likeness, measureLikeness } from './likeness.ts';
import { page } from './page.ts';
import { type Plan, plans } from './plan.ts';
import { read } from './reading.ts';
import { drawSheets, type Sheets } from './sheets.ts';

const parts = ['identities', 'likeness', 'sheets'] as const;

/** Everything that was measured; parts that were not run are missing. */
export interface Results {
  readonly size: string;
  readonly device: string;
  readonly origin: string;
  readonly plan: Plan;
  /** How the dictionary was learned: atoms and codes stay in the folder of results. */
  readonly learned: Omit<Learned, 'atoms' | 'codes'>;
  readonly identities?: Identities;
  readonly likeness?: readonly Likeness[];
  readonly sheets?: Sheets;
}

/** What a learned dictionary is made of: atoms, reconstructions and codes, traced back to the digits that it was learned from. */
export const interpretabilityExperiment: Experiment = {
  name: 'interpretability',
  purpose: 'PUDLE on digits: atoms and reconstructions as sums of training examples, likeness, saliency',
  parts,
  run: async (context): Promise<Record<string, unknown>> => {
    const { size, seed, wanted, results, signal, log } = context;
    const { device } = await useBackend('wasm');
    const plan = plans[size];
    const digits = await loadDigits(size === 'smoke' ? undefined : context.dataFolder, plan.examples);
    log(`digits: ${digits.origin}`);
    const { examples, learning } = plan;
    const settings = { origin: digits.origin, examples, learning, seed };
    const learned = await results.once('dictionary', settings, () =>
      learn(digits.train.pictures, learning, { seed, signal }),
    );
    const reading = await read(learned, digits, plan);
    try {
      const { atoms, codes, ...told } = learned;
      const found: Results = {
        size,
        device,
        origin: digits.origin,
        plan,
        learned: told,
        ...(wanted('identities') && {
          identities: await results.once('identities', settings, async () => measureIdentities(reading)),
        }),
        ...(wanted('likeness') && {
          likeness: await results.once('likeness', { ...settings, neighbours: plan.neighbours }, () =>
            measureLikeness(reading, plan),
          ),
        }),
        ...(wanted('sheets') && {
          sheets: await results.once('sheets', { ...settings, shown: plan.shown }, () =>
            drawSheets(reading, plan),
          ),
        }),
      };
      return { ...found };
    } finally {
      reading.dispose();
    }
  },
  page: (results, command) => page(results as unknown as Results, command),
};

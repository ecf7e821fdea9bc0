import type { Command } from 'commander';

export function addDoctor(parent: Command): void {
  parent
    .command('doctor')
    .description('say which backends are here, which are not, why, and what to do about it; time each')
    .action(async () => {
      const { doctor } = await import('../actions/doctor.ts');
      await doctor();
    });
}

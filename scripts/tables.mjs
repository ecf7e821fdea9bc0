// Makes the tables of docs/: prior → activation, likelihood → network, each row with its plot, out of the code and its docstrings.
// `pnpm tables` writes them, `node scripts/tables.mjs --check` says which are out of date.
import { build } from './lib/build.mjs';
import { checkTables, writeTables } from './lib/tables/index.mjs';

build();
if (process.argv.includes('--check')) await checkTables();
else for (const path of await writeTables()) process.stdout.write(`${path}\n`);

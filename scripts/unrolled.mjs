// The command `unrolled` from a clone: `npx --yes pnpm@10 unrolled spikes learn FILE …`.
import { runApp } from './lib/run-app.mjs';

await runApp('cli', process.argv.slice(2));

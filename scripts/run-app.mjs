// The program of an app: `npx --yes pnpm@10 experiments crsae-spikes --size smoke` is `node scripts/run-app.mjs experiments …`.
import { runApp } from './lib/run-app.mjs';

const [name = '', ...args] = process.argv.slice(2);
await runApp(name, args);

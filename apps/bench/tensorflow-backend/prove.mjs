#!/usr/bin/env node
// Proves the backends against each other and times them: `node apps/bench/tensorflow-backend/prove.mjs --help`.
import { build } from '../../../scripts/lib/build.mjs';

try {
  build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../dist/backends/main.js');

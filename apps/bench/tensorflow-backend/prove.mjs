#!/usr/bin/env node
// Proves the backends against each other and times them: `node apps/bench/tensorflow-backend/prove.mjs --help`.
import { build } from '../../../scripts/lib/build.mjs';

build();
await import('../dist/backends/main.js');

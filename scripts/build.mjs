import { build } from './lib/build.mjs';

try {
  build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

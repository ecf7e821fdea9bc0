import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { PageReport } from './report.ts';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
];

/** A browser to try it in, if there is one. */
export const chromium = candidates.find((path) => path !== undefined && existsSync(path));

/** The page's program, as somebody who uses our packages would bundle it. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['@unrolled/source'],
    alias: { vitest: fileURLToPath(new URL('expect.ts', import.meta.url)) },
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

// What a server has to say for a page to share memory with its workers.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Opens the page in a browser without a window, and waits for its report.
 *
 * @param page.isolated lets the page share memory with its workers
 * @param page.relaxed false hides that the browser has relaxed SIMD
 * @throws Error with what the browser said, where the page throws or nothing comes within two minutes
 */
export async function visit({
  isolated,
  relaxed,
}: {
  readonly isolated: boolean;
  readonly relaxed: boolean;
}): Promise<PageReport> {
  const program = await bundle();
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  let receive: (report: string) => void;
  const received = new Promise<string>((done) => {
    receive = done;
  });
  const answer = (response: ServerResponse, type: string, body: string | Buffer) =>
    response.writeHead(200, { 'Content-Type': type, ...(isolated && isolation) }).end(body);
  const server = createServer((request, response) => {
    const { pathname: path } = new URL(request.url!, 'http://localhost');
    if (path === '/report') {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        answer(response, 'text/plain', '');
        receive(body);
      });
    } else if (path === '/') {
      answer(response, 'text/html', '<!doctype html><script type="module" src="/page.js"></script>');
    } else if (path === '/page.js') {
      answer(response, 'text/javascript', program);
    } else if (/^\/[\w-]+\.wasm$/.test(path)) {
      answer(response, 'application/wasm', readFileSync(join(wasm, path)));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const profile = mkdtempSync(join(tmpdir(), 'unrolled-chromium-'));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    chromium!,
    // Without its sandbox, which containers do not allow: it sees no page but ours.
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...[
        '--enable-logging=stderr',
        `--user-data-dir=${profile}`,
        `http://127.0.0.1:${port}/?relaxed=${relaxed}`,
      ],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  browser.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const ended = new Promise<void>((done) => browser.on('close', () => done()));
  let timer: NodeJS.Timeout | undefined;
  try {
    const failed = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Error(`the page says nothing; the browser says\n${said}`)), 120_000);
      browser.on('close', (code) => fail(new Error(`the browser ended with ${code}\n${said}`)));
    });
    const report = JSON.parse(await Promise.race([received, failed])) as PageReport | { error: string };
    if ('error' in report) throw new Error(`in the page: ${report.error}`);
    return report;
  } finally {
    clearTimeout(timer);
    browser.kill('SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

// Makes what the runtime serves (main/) and what the pages of its tests include (test/):
//
//   node build.mjs DIR
//
// main/tracker.js is our own, main/tracker-full.js has all that Plausible's scripts can be told, and
// main/tracker-compat.js is the same for browsers without ES2015. In each of them the server puts
// options in the place of EIDER_SERVED.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { minify } from 'terser';
import ts from 'typescript';

/** Largest tracker of our own with everything on, gzipped, in bytes. */
const LIMIT = 1500;
const PLACE = 'EIDER_SERVED';
const OWN = '{"api":"/api/event"}';
const ALL = '{"api":"/api/event","outboundLinks":1,"fileDownloads":1,"formSubmissions":1}';

const into = process.argv[2];
if (!into) {
  console.error('usage: node build.mjs DIR');
  process.exit(2);
}

/** One self-contained script of a source and all that it imports. */
async function bundle(entry, define = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    minifySyntax: true,
    define,
  });
  return outputFiles[0].text;
}

/** The tracker, as short as it gets, with the place of the options in it once. */
async function tracker({ full, compat }) {
  const code = await bundle('src/tracker.ts', {
    EIDER_FULL: String(full),
    EIDER_COMPAT: String(compat),
  });
  const ecma = compat ? 5 : 2020;
  const { code: short } = await minify(compat ? lowered(code) : code, {
    ecma,
    toplevel: true,
    compress: {
      passes: 4,
      unsafe_arrows: !compat,
      keep_fargs: false,
      hoist_funs: true,
      booleans_as_integers: true,
    },
    format: { ecma },
  });
  if (short.split(PLACE).length !== 2) {
    throw new Error(`the tracker must have ${PLACE} in it exactly once`);
  }
  if (compat && /=>|`|\b(let|const) |\.\.\./.test(short)) {
    throw new Error('the tracker for old browsers must be ES5, and is not');
  }
  return short.replace('"use strict";', '');
}

function lowered(code) {
  return ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES5, ignoreDeprecations: '6.0' },
  }).outputText;
}

const builds = {
  'tracker.js': await tracker({ full: false, compat: false }),
  'tracker-full.js': await tracker({ full: true, compat: false }),
  'tracker-compat.js': await tracker({ full: true, compat: true }),
};

await mkdir(join(into, 'main'), { recursive: true });
const sizes = [];
for (const [name, code] of Object.entries(builds)) {
  await writeFile(join(into, 'main', name), code);
  sizes.push([name, gzipSync(code.replace(PLACE, name === 'tracker.js' ? OWN : ALL), { level: 9 }).length]);
}
const told = sizes.map(([name, size]) => `${name} ${size}`).join(', ');
console.log(`tracker: ${told} bytes gzipped, with everything on`);

// The trackers that people have, unchanged, for the pages of tests.
await mkdir(join(into, 'test'), { recursive: true });
for (const name of ['plausible-npm.js', 'plausible-tracker.js']) {
  await writeFile(join(into, 'test', name), await bundle(join('test', name)));
}

if (sizes[0][1] > LIMIT) {
  console.error(`tracker: ${sizes[0][0]} has ${sizes[0][1]} bytes; at most ${LIMIT} are promised`);
  process.exit(1);
}

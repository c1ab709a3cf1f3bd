// Builds what the pages load into src/justicegraph/web/static/built: scripts with the hash of what is in them in their
// names, also compressed, a manifest of these names, and the maps' outlines. What was there before goes last.

import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { maps } from "./maps.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const place = join(here, "../src/justicegraph/web/static/built");
const entries = { query: join(here, "src/query.ts") };

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  entryNames: "[name].[hash]",
  entryPoints: entries,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: true,
  outdir: place,
  target: ["chrome109", "firefox115", "safari16.4"],
  write: false,
});

const files = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
const names = Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [
  `${basename(entryPoint, ".ts")}.js`,
  basename(path),
]);
for (const [name, contents] of [...files]) files.set(`${name}.br`, brotliCompressSync(contents));
files.set("maps.json", JSON.stringify(maps()));
files.set("manifest.json", JSON.stringify(Object.fromEntries(names.sort())));

mkdirSync(place, { recursive: true });
for (const [name, contents] of files) { // the manifest last: it names what is there already
  writeFileSync(join(place, `.${name}`), contents);
  renameSync(join(place, `.${name}`), join(place, name));
}
for (const name of readdirSync(place)) if (!files.has(name)) rmSync(join(place, name));

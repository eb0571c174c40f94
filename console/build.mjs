// Bundles the pages into hol/serve/static (or the folder given): two files, the shell, and the licences of what is inside.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "hol", "serve", "static");
mkdirSync(out, { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: [{ in: "src/main.jsx", out: "app" }],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  jsx: "automatic",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  define: { "process.env.NODE_ENV": '"production"' },
});
copyFileSync(join(here, "src", "index.html"), join(out, "index.html"));

// Every package of which something is in the bundle, with its licence and its notice.
const inside = Object.keys(result.metafile.inputs).map((file) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
const packages = [...new Set(inside.filter(Boolean))].sort();
const texts = packages.map((name) => {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|third-party-licenses)/i.test(file)).sort();
  const said = files.map((file) => `--- ${file} ---\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`);
  return `${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${said.join("\n")}`;
});
writeFileSync(join(out, "LICENSES.txt"), `What app.js and app.css are made of besides hol itself.\n\n${texts.join("\n")}`);

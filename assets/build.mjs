// Builds hub/static/built/<digest>/ and the manifest that names it.
//
// The folder's name is the digest of all that is in it, so that browsers may keep it for ever and page
// scripts can still import their neighbours by name.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import rtlcss from "rtlcss";
import { compile } from "sass";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const PACKAGES = join(ROOT, "node_modules");
const GOVUK = join(PACKAGES, "govuk-frontend/dist/govuk");
const MOJ = join(PACKAGES, "@ministryofjustice/frontend/moj");
const BUILT = join(ROOT, "hub/static/built");
const KEPT = 3;

// The packages warn about their own deprecated parts, which is their business; a warning about ours stops the build.
const logger = {
  warn(message, { span, deprecation, stack }) {
    const from = span?.url ? fileURLToPath(span.url) : (stack ?? "");
    if (!from.includes("node_modules")) {
      throw new Error(`${deprecation ? "Deprecated: " : ""}${message}\n${from}`);
    }
  },
  debug() {},
};

function styleSheet() {
  return compile(join(ROOT, "assets/styles/hub.scss"), {
    loadPaths: [PACKAGES, ROOT],
    style: "compressed",
    logger,
  }).css;
}

function script(path) {
  return readFileSync(path, "utf8").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
}

function files() {
  const css = styleSheet();
  const built = new Map([
    ["hub.css", css],
    ["hub.rtl.css", rtlcss.process(css)],
    ["govuk-frontend.min.js", script(join(GOVUK, "govuk-frontend.min.js"))],
    ["moj-frontend.min.js", script(join(MOJ, "moj-frontend.min.js"))],
  ]);
  for (const name of readdirSync(join(ROOT, "assets/scripts"))) {
    built.set(name, script(join(ROOT, "assets/scripts", name)));
  }
  for (const name of readdirSync(join(ROOT, "assets/images"))) {
    built.set(`images/${name}`, readFileSync(join(ROOT, "assets/images", name)));
  }
  for (const [, name] of css.matchAll(/url\("?images\/([^")]+)"?\)/g)) {
    built.set(`images/${name}`, readFileSync(join(MOJ, "assets/images", name)));
  }
  return built;
}

function digestOf(built) {
  const digest = createHash("sha256");
  for (const [name, content] of [...built].sort(([a], [b]) => (a < b ? -1 : 1))) {
    digest.update(`${name}\0${content.length}\0`).update(content);
  }
  return digest.digest("hex").slice(0, 16);
}

function write(built, folder) {
  const fresh = join(BUILT, `${folder}.${process.pid}`);
  mkdirSync(join(fresh, "images"), { recursive: true });
  for (const [name, content] of built) {
    writeFileSync(join(fresh, name), content);
  }
  rmSync(join(BUILT, folder), { recursive: true, force: true });
  renameSync(fresh, join(BUILT, folder));
}

const built = files();
const folder = digestOf(built);
const manifest = join(BUILT, "manifest.json");
write(built, folder);
writeFileSync(`${manifest}.${process.pid}`, JSON.stringify({ folder }) + "\n");
renameSync(`${manifest}.${process.pid}`, manifest);

// A server that still runs names an earlier folder in its pages: the latest few stay.
const folders = readdirSync(BUILT)
  .filter((name) => name !== folder && name !== "manifest.json")
  .map((name) => join(BUILT, name))
  .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
for (const old of folders.slice(KEPT)) {
  rmSync(old, { recursive: true, force: true });
}
process.stdout.write(`assets: hub/static/built/${folder}\n`);

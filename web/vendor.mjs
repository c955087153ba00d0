// Copies what pages load of the installed front-end packages into static/vendor, from where Go embeds it. That is the whole build:
// `npm ci && npm run build` in this folder. The scripts of bootstrap-italia are left out: no page needs them. htmx is for the staff console.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const from = join(here, "node_modules", "bootstrap-italia");
const to = join(here, "static", "vendor", "bootstrap-italia");
const fonts = {
  Titillium_Web: /-(300|regular|italic|600|700)\.woff2$|^OFL\.txt$/,
  Lora: /-(regular|700)\.woff2$|^OFL\.txt$/,
};

if (!existsSync(from)) {
  console.error("bootstrap-italia is not installed: run `npm ci` in web/ first");
  process.exit(1);
}
rmSync(to, { recursive: true, force: true });
const htmx = join(here, "node_modules", "htmx.org");
if (!existsSync(htmx)) {
  console.error("htmx is not installed: run `npm ci` in web/ first");
  process.exit(1);
}
const htmxTo = join(here, "static", "vendor", "htmx");
rmSync(htmxTo, { recursive: true, force: true });
mkdirSync(htmxTo, { recursive: true });
cpSync(join(htmx, "dist/htmx.min.js"), join(htmxTo, "htmx.min.js"));
cpSync(join(htmx, "LICENSE"), join(htmxTo, "LICENSE"));
copy("LICENSE");
copy("dist/css/bootstrap-italia.min.css", "css/bootstrap-italia.min.css");
copy("dist/svg/sprites.svg", "svg/sprites.svg");
for (const [family, wanted] of Object.entries(fonts)) {
  for (const file of readdirSync(join(from, "dist/fonts", family)).filter((f) => wanted.test(f))) {
    copy(`dist/fonts/${family}/${file}`, `fonts/${family}/${file}`);
  }
}

function copy(source, target = source) {
  mkdirSync(dirname(join(to, target)), { recursive: true });
  cpSync(join(from, source), join(to, target));
}

// Writes webhooks-swagger-ui/assets anew: `node vendor-swagger-ui.mjs`, after changing VERSION and INTEGRITY.
//
// The package is taken from npm, compared with its integrity, and of its files only those are kept that the page
// loads, with licence and notices. What is compressed unpacks to the published bytes; SHA256SUMS records those.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const VERSION = "5.35.0";
// `npm view swagger-ui-dist@VERSION dist.integrity`
const INTEGRITY = "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==";
const COMPRESSED = ["swagger-ui-bundle.js", "swagger-ui.css"];
const PLAIN = ["LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"];

const assets = join(import.meta.dirname, "..", "webhooks-swagger-ui", "assets");
const work = mkdtempSync(join(tmpdir(), "swagger-ui-"));
try {
  const archive = download();
  execFileSync("tar", ["-xzf", archive, "-C", work]);
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(assets);
  const sums = [...COMPRESSED, ...PLAIN].map((name) => `${keep(name)}  ${name}\n`);
  writeFileSync(join(assets, "SHA256SUMS"), `# swagger-ui-dist ${VERSION}\n${sums.join("")}`);
} finally {
  rmSync(work, { recursive: true });
}

/** The package as npm has it, refused unless its integrity is the expected one. */
function download() {
  execFileSync("npm", ["pack", "--silent", "--pack-destination", work, `swagger-ui-dist@${VERSION}`]);
  const archive = join(work, `swagger-ui-dist-${VERSION}.tgz`);
  const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
  if (found !== INTEGRITY) throw new Error(`swagger-ui-dist ${VERSION} has the integrity ${found}, not ${INTEGRITY}`);
  return archive;
}

/** Keeps one file and returns the checksum of its published bytes. */
function keep(name) {
  const bytes = readFileSync(join(work, "package", name));
  // Level 9 without a file name or time: the same bytes each time it is run.
  if (COMPRESSED.includes(name)) writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  else writeFileSync(join(assets, name), bytes);
  return createHash("sha256").update(bytes).digest("hex");
}

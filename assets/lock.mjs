// Locks the packages of package.json anew, then takes every address out of the lock.
//
// Run by hand after a change to package.json: `node assets/lock.mjs`. The lock keeps versions and integrity
// hashes, which is what holds an installation to it; where packages come from is the installer's own setting.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const LOCK = new URL("../package-lock.json", import.meta.url);

export function withoutAddresses(lock) {
  for (const entry of Object.values(lock.packages)) {
    delete entry.resolved;
    delete entry.funding;
  }
  return lock;
}

execFileSync("npm", ["install", "--package-lock-only"], {
  cwd: new URL("..", import.meta.url),
  stdio: "inherit",
});
const text = JSON.stringify(withoutAddresses(JSON.parse(readFileSync(LOCK, "utf8"))), null, 2) + "\n";
if (text.includes("://")) {
  throw new Error("package-lock.json still holds an address");
}
writeFileSync(LOCK, text);

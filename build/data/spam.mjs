import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Characters of a subject line at most; shorter than a few it says nothing. */
const longest = 63;
const shortest = 6;

/** Lines that do not belong into a lesson. */
const unfit = /sex|porn|penis|viagra|xxx|adult|teen|girl|naked|nude|horny|erection|breast|virgin|lesbian|slut|fuck|shit|whore|cum\b|lolita|incest/;

/**
 * Subject lines of the SpamAssassin corpus, one a line after `h` or `s`: small letters, digits and a few signs; without answers' "re:", the tags of
 * mailing lists (they would give the answer away), addresses, encoded words and doubles.
 */
export function spam(packageFolder) {
  const seen = new Map();
  for (const folder of ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"]) {
    const path = join(packageFolder, "data", folder);
    for (const file of readdirSync(path).sort()) {
      if (!file.endsWith(".txt")) continue;
      const mail = readFileSync(join(path, file), "latin1");
      const header = /^subject:[ \t]*(.*(?:\r?\n[ \t]+.*)*)/im.exec(mail.slice(0, 20_000))?.[1] ?? "";
      if (header.includes("=?")) continue;
      const subject = clean(header);
      if (subject.length < shortest || unfit.test(subject) || seen.has(subject)) continue;
      seen.set(subject, folder.startsWith("spam") ? "s" : "h");
    }
  }
  return gzipSync([...seen].map(([subject, kind]) => `${kind} ${subject}`).join("\n"), { level: 9 });
}

const clean = (header) =>
  header
    .toLowerCase()
    .replace(/\S+@\S+/g, " ")
    .replace(/\[[^\]]*\]/g, " ")
    .replace(/\b(re|fw|fwd)( ?\[\d+\])?:/g, " ")
    .replace(/[^a-z0-9 .,:;!?'"$%&/()+*#-]/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, longest)
    .trim();

/** The test cases of a JUnit report. A describe block is no case; a test without subtests is. */
export type Cases = { passed: number; failed: string[]; skipped: string[] };

type Case = { name: string; outcome: "passed" | "failed" | "skipped" };

/**
 * Counts the cases of a report as `deno test` or `bun test` writes it. Bun lists cases only. Deno
 * also lists the blocks around them, told by their names: `block`, `block > case`.
 */
export const countCases = (xml: string): Cases => {
  const all = readCases(xml);
  const inBlock = (inner: Case, outer: Case) => inner.name.startsWith(`${outer.name} > `);
  const isDeno = xml.includes(`<testsuites name="deno test"`);
  const leaves = all.filter((one) => !isDeno || !all.some((other) => inBlock(other, one)));
  const failed = leaves.filter(({ outcome }) => outcome === "failed");
  // A block that failed with no case of its own failing: its before or after did.
  const hooks = all.filter((block) =>
    block.outcome === "failed" && !leaves.includes(block) &&
    !failed.some((one) => inBlock(one, block))
  );
  const names = (cases: Case[]) => cases.map(({ name }) => name);
  return {
    passed: leaves.filter(({ outcome }) => outcome === "passed").length,
    failed: names([...failed, ...hooks]),
    skipped: names(leaves.filter(({ outcome }) => outcome === "skipped")),
  };
};

const readCases = (xml: string): Case[] =>
  [...xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([^]*?)<\/testcase>)/g)].map(
    ([, attributes = "", body = ""]) => ({
      name: unescape(attributes.match(/\bname="([^"]*)"/)?.[1] ?? ""),
      outcome: /<(failure|error)\b/.test(body)
        ? "failed"
        : body.includes("<skipped")
        ? "skipped"
        : "passed",
    }),
  );

const unescape = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'").replaceAll("&#10;", " ").replaceAll("&amp;", "&");

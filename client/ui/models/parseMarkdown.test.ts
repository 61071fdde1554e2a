import assert from "node:assert/strict";
import { it } from "node:test";
import { type MarkdownNode, parseMarkdown } from "./parseMarkdown.ts";

const html = (node: MarkdownNode): string =>
  typeof node === "string"
    ? node
    : `<${node.tag}${node.href ? ` ${node.href}` : ""}>${
      node.children.map(html).join("")
    }</${node.tag}>`;
const parsed = (text: string): string => parseMarkdown(text).map(html).join("");

it("finds the blocks of a document", () => {
  const rows: [string, string][] = [
    ["# One\n###### Six", "<h4>One</h4><h6>Six</h6>"],
    ["a\nb\n\nc", "<p>a\nb</p><p>c</p>"],
    ["```ts\n# no *heading*\n```\nend", "<pre># no *heading*</pre><p>end</p>"],
    ["```\nnever closed", "<pre>never closed</pre>"],
    ["> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
    [
      "- a\n- b\n  - c\n1. d",
      "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><ol><li>d</li></ol>",
    ],
    ["a\n\n---\nb", "<p>a</p><hr></hr><p>b</p>"],
    [
      "| a | b |\n|---|:-:|\n| 1 | *2* |",
      "<table><thead><tr><th>a</th><th>b</th></tr></thead>" +
      "<tbody><tr><td>1</td><td><em>2</em></td></tr></tbody></table>",
    ],
  ];
  for (const [text, expected] of rows) assert.equal(parsed(text), expected);
});

it("finds what is in a line", () => {
  const rows: [string, string][] = [
    ["**a *b* c** d", "<strong>a <em>b</em> c</strong> d"],
    ["`a **b**` ~~c~~", "<code>a **b**</code> <s>c</s>"],
    ["snake_case_name 2*3*4", "snake_case_name 2*3*4"],
    [
      "[a](https://x.org/b) https://y.org.",
      "<a https://x.org/b>a</a> <a https://y.org.>https://y.org.</a>",
    ],
    ["![pic](http://x.org/p.png)", "<a http://x.org/p.png>pic</a>"],
  ];
  for (const [text, expected] of rows) assert.equal(parsed(text), `<p>${expected}</p>`);
});

it("makes no link that runs a script, and no element of HTML", () => {
  for (
    const text of ["[a](javascript:alert(1))", "[a](data:text/html,x)", "<img src=x onerror=y>"]
  ) {
    assert.doesNotMatch(JSON.stringify(parseMarkdown(text)), /"href"|"img"/);
  }
});

it("takes no long time, whatever it is given", () => {
  const startedAt = performance.now();
  for (const piece of ["*a ", "[", "`", "> ", "- ", "**", "|-", "<http://", "_a_"]) {
    parseMarkdown(piece.repeat(100_000 / piece.length));
  }
  assert.ok(performance.now() - startedAt < 3_000);
});

// Reads messages as JSON lines, writes what the npm package conventional-commits-parser makes of each.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const modules = pathToFileURL(`${process.argv[2]}/node_modules/`);
const { CommitParser } = await import(new URL("conventional-commits-parser/dist/index.js", modules).href);
const preset = await import(new URL("conventional-changelog-conventionalcommits/src/index.js", modules).href);
const options = await preset.default();
const parser = new CommitParser(options.parser ?? options.parserOpts);
for await (const line of createInterface({ input: process.stdin })) {
  let parsed = null;
  try { parsed = parser.parse(JSON.parse(line)); } catch (error) { parsed = { error: String(error) }; }
  process.stdout.write(`${JSON.stringify(parsed)}\n`);
}

// valid_sarif.js TOOLS FILE: whether the file is SARIF 2.1.0 by the committee's schema, as @microsoft/jest-sarif brings it, and by what a schema cannot say.
const fs = require("fs");
const path = require("path");
const [tools, file] = process.argv.slice(2);
const modules = path.join(tools, "node_modules");
const Ajv = require(path.join(modules, "ajv"));
const schemas = path.join(modules, "@microsoft/jest-sarif/lib/schemas");
const schema = JSON.parse(fs.readFileSync(path.join(schemas, fs.readdirSync(schemas).find((name) => name.startsWith("sarif-2.1.0"))), "utf8"));
const log = JSON.parse(fs.readFileSync(file, "utf8"));
const ajv = new Ajv({ schemaId: "auto", allErrors: true });
ajv.addMetaSchema(require(path.join(modules, "ajv/lib/refs/json-schema-draft-04.json")));
if (!ajv.validate(schema, log)) {
  console.error(ajv.errorsText(ajv.errors, { separator: "\n" }));
  process.exit(1);
}
const linesOf = (artifact) => fs.readFileSync(decodeURIComponent(artifact.uri.replace(/^file:\/\//, "")), "utf8").split("\n");
const fail = (why) => {
  console.error(why);
  process.exit(1);
};
for (const run of log.runs) {
  const rules = run.tool.driver.rules.map((rule) => rule.id);
  if (new Set(rules).size !== rules.length) fail("a rule stands twice");
  if (run.columnKind !== "utf16CodeUnits") fail("columns of another kind");
  for (const result of run.results) {
    if (!rules.includes(result.ruleId)) fail(`no rule ${result.ruleId}`);
    const location = result.locations[0].physicalLocation;
    const changes = (result.fixes || []).flatMap((fix) => fix.artifactChanges);
    const regions = [location, ...(result.relatedLocations || []).map((related) => related.physicalLocation)]
      .map((place) => [place.artifactLocation, place.region])
      .concat(changes.flatMap((change) => change.replacements.map((replacement) => [change.artifactLocation, replacement.deletedRegion])));
    for (const [artifact, region] of regions) {
      const lines = linesOf(artifact);
      const ends = (line, column) => line <= lines.length && column <= lines[line - 1].length + 1;
      if (!ends(region.startLine, region.startColumn) || !ends(region.endLine, region.endColumn)) fail(`${JSON.stringify(region)} is not in ${artifact.uri}`);
    }
    // What stood there and what comes there: the strings of this language count as the columns do.
    for (const change of changes)
      for (const { deletedRegion: at, insertedContent } of change.replacements) {
        const line = linesOf(change.artifactLocation)[at.startLine - 1];
        console.log(`${result.ruleId} ${JSON.stringify(line.slice(at.startColumn - 1, at.endColumn - 1))} ${JSON.stringify(insertedContent.text)}`);
      }
  }
}

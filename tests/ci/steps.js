// steps.js TOOLS github|gitlab FILE: the commands of a CI definition that are about programs, as a shell script that stops at the first that fails.
// steps.js TOOLS hooks FILE: the entries of pre-commit hooks, "ID<tab>ENTRY<tab>FILES<tab>PASS".
const fs = require("fs");
const path = require("path");
const [tools, kind, file] = process.argv.slice(2);
const YAML = require(path.join(tools, "node_modules/yaml"));
const fail = (why) => {
  console.error(`${file}: ${why}`);
  process.exit(1);
};
const document = YAML.parseDocument(fs.readFileSync(file, "utf8"), { version: "1.1" });
if (document.errors.length || document.warnings.length) fail([...document.errors, ...document.warnings].join("\n"));
const tree = document.toJS();
const own = (command) => /\b(naradac|jq)\b/.test(command) && !/cmake|apt-get/.test(command);
if (kind === "github") {
  const [job] = Object.values(tree.jobs);
  if (!tree[true] && !tree.on) fail("has no `on`");
  for (const step of job.steps) if (!step.uses && !step.run) fail(`step ${step.name} does nothing`);
  console.log(job.steps.map((step) => step.run).filter((run) => run && own(run)).map((run) => `( ${run.trim()} ) || exit`).join("\n"));
} else if (kind === "gitlab") {
  const [job] = Object.values(tree);
  if (!job.image || !job.artifacts.reports.codequality) fail("has no image or report");
  console.log(job.script.map((line) => `( ${line} ) || exit`).join("\n"));
} else {
  for (const hook of tree) {
    for (const key of ["id", "name", "entry", "language", "files"]) if (typeof hook[key] !== "string") fail(`a hook without ${key}`);
    new RegExp(hook.files);
    console.log([hook.id, hook.entry, hook.files, hook.pass_filenames !== false].join("\t"));
  }
}

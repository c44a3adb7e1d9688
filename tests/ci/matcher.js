// matcher.js MATCHER <LOG: what the problem matcher finds in the log, one line each, as GitHub reads it: all patterns must match lines that follow each other.
const fs = require("fs");
const [matcher] = JSON.parse(fs.readFileSync(process.argv[2], "utf8")).problemMatcher;
const lines = fs.readFileSync(0, "utf8").split("\n");
lines.forEach((_, at) => {
  const found = {};
  for (const [i, pattern] of matcher.pattern.entries()) {
    const match = new RegExp(pattern.regexp).exec(lines[at + i] || "");
    if (!match) return;
    for (const key of ["severity", "code", "message", "file", "line", "column"]) if (pattern[key]) found[key] = match[pattern[key]];
  }
  console.log(`${found.file}:${found.line}:${found.column}: ${found.severity} ${found.code}: ${found.message}`);
});

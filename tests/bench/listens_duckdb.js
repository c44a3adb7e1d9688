// Q2 and Q3 of listens.sh in DuckDB, two threads, its own file.
//   node listens_duckdb.js make FILE PLAYS.csv TRACKS.csv   the same plays and tracks as tables of FILE
//   node listens_duckdb.js time FILE LAST                   the engine's part alone: file open, second and later runs, median of 15
//   node listens_duckdb.js q2|q3 FILE LAST                  one query, its rows printed: for a whole process
const {DuckDBInstance} = require('@duckdb/node-api');

const counted = 'FROM plays WHERE ms < 0 OR ms >= 30000';
const queries = {
  q2: last => `SELECT t.title, t.artist, x.n, x.l FROM (SELECT track, count(*) n, max(played_at) l ${counted} GROUP BY 1
    HAVING n > 20 AND l < ${last} - 2 * 31557600000) x JOIN tracks t ON t.id = x.track LIMIT 50`,
  q3: () => `SELECT artist, arg_max(title, n), max(n) FROM (SELECT t.artist, t.title, x.n FROM (SELECT track, count(*) n ${counted} GROUP BY 1) x
    JOIN tracks t ON t.id = x.track) GROUP BY 1 LIMIT 50`,
};

async function make(connection, plays, tracks) {
  await connection.run(`CREATE TABLE plays AS SELECT * FROM read_csv('${plays}', header = false, columns = {'track': 'INTEGER', 'played_at': 'BIGINT', 'ms': 'INTEGER'})`);
  await connection.run(`CREATE TABLE tracks AS SELECT * FROM read_csv('${tracks}', header = false, columns = {'id': 'INTEGER', 'title': 'VARCHAR', 'artist': 'VARCHAR'})`);
  await connection.run('CHECKPOINT');
}

async function time(connection, last) {
  for (const [name, sql] of Object.entries(queries)) {
    const times = [];
    for (let i = 0; i < 15; i++) {
      const begin = process.hrtime.bigint();
      await connection.runAndReadAll(sql(last));
      times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
    times.sort((a, b) => a - b);
    console.log(`${name}: DuckDB's engine alone: ${times[7].toFixed(1)} ms`);
  }
}

async function main() {
  const [mode, file, ...rest] = process.argv.slice(2);
  const connection = await (await DuckDBInstance.create(file, {threads: '2'})).connect();
  if (mode === 'make') return make(connection, ...rest);
  if (mode === 'time') return time(connection, ...rest);
  for (const row of (await connection.runAndReadAll(queries[mode](...rest))).getRows()) console.log(row.join('\t'));
}
main();

// Q2 and Q3 of listens.sh in DuckDB, whose tables are in memory already: the engine's part alone, median of 15.
const {DuckDBInstance} = require('@duckdb/node-api');

async function main() {
  const [plays, tracks, last] = process.argv.slice(2);
  const connection = await (await DuckDBInstance.create(':memory:', {threads: '2'})).connect();
  await connection.run(`CREATE TABLE plays AS SELECT * FROM read_csv('${plays}', header = false, columns = {'track': 'INTEGER', 'played_at': 'BIGINT', 'ms': 'INTEGER'})`);
  await connection.run(`CREATE TABLE tracks AS SELECT * FROM read_csv('${tracks}', header = false, columns = {'id': 'INTEGER', 'title': 'VARCHAR', 'artist': 'VARCHAR'})`);
  const counted = 'FROM plays WHERE ms < 0 OR ms >= 30000';
  const queries = {
    q2: `SELECT t.title, x.n FROM (SELECT track, count(*) n, max(played_at) l ${counted} GROUP BY 1 HAVING n > 20 AND l < ${last} - 2 * 31557600000) x JOIN tracks t ON t.id = x.track LIMIT 50`,
    q3: `SELECT artist, arg_max(title, n) FROM (SELECT t.artist, t.title, x.n FROM (SELECT track, count(*) n ${counted} GROUP BY 1) x JOIN tracks t ON t.id = x.track) GROUP BY 1 LIMIT 50`,
  };
  for (const [name, sql] of Object.entries(queries)) {
    const times = [];
    for (let i = 0; i < 15; i++) {
      const begin = process.hrtime.bigint();
      await connection.runAndReadAll(sql);
      times.push(Number(process.hrtime.bigint() - begin) / 1e6);
    }
    times.sort((a, b) => a - b);
    console.log(`${name}: DuckDB, 2 threads, engine only: ${times[7].toFixed(1)} ms`);
  }
}
main();

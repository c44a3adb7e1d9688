// The same plays into DuckDB's own file: tracks, and each play once. usage: node duckdb_peer.mjs STORE FOLDER THREADS
// Its columns are named, which is the fastest way that DuckDB reads JSON; contexts are kept as columns, like the import's.
import { DuckDBInstance } from '@duckdb/node-api';

const [store, folder, threads] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(store, { threads: threads ?? '2' })).connect();
const columns = `{ts: 'TIMESTAMP', ms_played: 'BIGINT', platform: 'VARCHAR', conn_country: 'VARCHAR',
  master_metadata_track_name: 'VARCHAR', master_metadata_album_artist_name: 'VARCHAR', master_metadata_album_album_name: 'VARCHAR',
  spotify_track_uri: 'VARCHAR', reason_start: 'VARCHAR', reason_end: 'VARCHAR', shuffle: 'BOOLEAN', skipped: 'BOOLEAN',
  offline: 'BOOLEAN', incognito_mode: 'BOOLEAN'}`;
await connection.run(`CREATE TEMP TABLE rows AS SELECT * FROM read_json('${folder}/*.json', format = 'array', columns = ${columns})
  WHERE spotify_track_uri IS NOT NULL`);
await connection.run(`CREATE TABLE tracks AS SELECT row_number() OVER () AS id, * FROM (SELECT spotify_track_uri AS uri,
  any_value(master_metadata_track_name) AS title, any_value(master_metadata_album_artist_name) AS artist,
  any_value(master_metadata_album_album_name) AS album FROM rows GROUP BY uri)`);
await connection.run(`CREATE TABLE plays AS SELECT ts - to_milliseconds(ms_played) AS played_at, t.id AS track_id, ms_played,
  any_value(platform) AS platform, any_value(conn_country) AS country, any_value(reason_start) AS reason_start,
  any_value(reason_end) AS reason_end, any_value(shuffle) AS shuffle, any_value(skipped) AS skipped, any_value(offline) AS offline,
  any_value(incognito_mode) AS incognito FROM rows JOIN tracks t ON t.uri = spotify_track_uri GROUP BY ALL`);
await connection.run('CHECKPOINT');
console.log((await (await connection.run('SELECT count(*) FROM plays')).getRows())[0][0].toString());
connection.closeSync?.();

package dev.eider.runtime.lake;

/**
 * A table in DuckDB's memory that hot rows are loaded into until a flush begins. Rows are only ever
 * added, and it is dropped as a whole.
 *
 * @param engine the instance that holds it
 * @param table its name
 */
record Generation(Engine engine, String table) {}

package dev.eider.runtime.backup;

import dev.eider.runtime.lake.LakeExport;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says in SQL how a backup is read without Eider, by DuckDB in its folder. */
final class SchemaSql {

  private SchemaSql() {}

  static String of(LakeExport export) {
    return """
        -- A backup of Eider's lake: manifest.json names the files that belong to it, and their checksums.
        -- In this folder, by a DuckDB of the release that wrote it:
        LOAD ducklake;
        ATTACH 'ducklake:catalog.ducklake' AS lake (READ_ONLY, DATA_PATH '../../data/', OVERRIDE_DATA_PATH true);
        -- Or by any program that reads Parquet; other backups share the folder, so take the files from manifest.json.
        -- Tables:
        """
        + new TreeSet<>(export.files().stream().map(LakeExport.File::table).toList())
            .stream()
                .map(table -> "--   lake.%s: data/main/%s/".formatted(table, table))
                .collect(Collectors.joining("\n"))
        + "\n";
  }
}

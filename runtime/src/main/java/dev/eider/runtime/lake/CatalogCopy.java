package dev.eider.runtime.lake;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * A copy of the catalog for other programs to read the lake by: it stays what it was, and the lake
 * does not wait for them. Files that are superseded later go all the same once their grace is over,
 * so take a new copy for each look.
 *
 * @param catalog the file; the next copy replaces it
 * @param dataPath where the lake's files are
 * @param snapshot the newest version in it
 */
@JsonNaming(SnakeCaseStrategy.class)
public record CatalogCopy(String catalog, String dataPath, long snapshot) {}

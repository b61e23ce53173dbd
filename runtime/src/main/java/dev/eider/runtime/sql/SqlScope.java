package dev.eider.runtime.sql;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;

/**
 * What the settings of the sites say that answers depend on.
 *
 * @param zone in which {@code now()}, {@code current_date} and times with a zone are shown
 * @param counted makes of the name of a relation of events one in which {@code is_bot} is as the
 *     sites' filters have it today
 */
public record SqlScope(ZoneId zone, UnaryOperator<String> counted) {

  public SqlScope {
    // DuckDB does not know it by Java's name.
    zone = zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
  }
}

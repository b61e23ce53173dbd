package dev.eider.runtime.stats;

/**
 * A custom dimension or metric that the site declares.
 *
 * @param name unique within the site
 * @param index 1 to 20, counted apart for dimensions and metrics
 * @param reach what a value holds for
 */
public record Custom(String name, int index, Type type, Reach reach) {

  /** What its values are. */
  public enum Type {
    /** Text: a dimension. */
    TEXT(1),
    /** Whole numbers: a metric. */
    INTEGER(1),
    /** Amounts in the site's currency: a metric. */
    CURRENCY(100),
    /** Seconds: a metric. */
    TIME(1000);

    private final int parts;

    Type(int parts) {
      this.parts = parts;
    }

    /** How many of the parts that are summed up, so that sums are exact, make one. */
    int parts() {
      return parts;
    }

    /** How many digits after the point are shown. */
    int digits() {
      return this == TIME ? 3 : 2;
    }
  }

  /** What a value holds for. */
  public enum Reach {
    /** The event that it came with. */
    EVENT,
    /** All of the visit, also what of it lies outside the range; the visit's last value wins. */
    VISIT,
    /** All that the visitor did within the range on a site day. */
    VISITOR,
    /** All that the visitor did within the range, where visitors are known across days. */
    LASTING_VISITOR
  }

  boolean isDimension() {
    return type == Type.TEXT;
  }

  boolean ofVisitor() {
    return reach == Reach.VISITOR || reach == Reach.LASTING_VISITOR;
  }

  /** The column that a row's own value is read into. */
  String column() {
    return (isDimension() ? "dimension_" : "metric_") + index;
  }

  /** Reads it; NULL where the row has none. */
  String rowSql() {
    return isDimension()
        ? "json_extract_string(custom_dimensions, '/%d')".formatted(index)
        : "(try_cast(json_extract_string(custom_metrics, '/%d') AS DECIMAL(22,3)) * %d)::BIGINT"
            .formatted(index, type.parts());
  }

  /** The column with the value that holds for a row. */
  String valueColumn() {
    return switch (reach) {
      case EVENT -> column();
      case VISIT -> "visit_" + column();
      case VISITOR, LASTING_VISITOR -> "visitor_" + column();
    };
  }

  /** The last value, as an aggregate over the rows of a visit or a visitor. */
  String lastSql() {
    // arg_max leaves out rows whose value is NULL.
    return "arg_max(%s, (timestamp, event_id)) AS %s".formatted(column(), valueColumn());
  }
}

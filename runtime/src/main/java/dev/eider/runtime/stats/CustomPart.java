package dev.eider.runtime.stats;

import dev.eider.runtime.stats.Custom.Reach;

/**
 * What sums and means of a custom metric are made of: the sum of its values in their smallest
 * parts, or how many there are. Scaled as {@link Part} is.
 *
 * @param sum whether values are summed up, and not counted
 */
record CustomPart(Custom metric, boolean sum) implements Summand {

  @Override
  public boolean ofVisit() {
    return metric.reach() != Reach.EVENT;
  }

  @Override
  public String sql() {
    String value =
        switch (metric.reach()) {
          case EVENT -> metric.valueColumn();
          case VISIT -> "any_value(" + metric.valueColumn() + ")";
          // A visit over midnight may be of a visitor with two ids.
          case VISITOR, LASTING_VISITOR ->
              "arg_max(" + metric.valueColumn() + ", (timestamp, event_id))";
        };
    String weight = ofVisit() ? "min(sample_weight)" : "sample_weight";
    return sum
        ? value + " * " + weight
        : "CASE WHEN %s IS NOT NULL THEN %s ELSE 0 END".formatted(value, weight);
  }

  @Override
  public String column() {
    return "n_" + metric.column() + (sum ? "_sum" : "_count");
  }
}

package dev.eider.runtime.stats;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The sum or the mean of a custom metric that the site declares, by its name or index. A value that
 * holds for a visit or a visitor is counted once a visit.
 *
 * @param key as the asker wrote it
 * @param declared empty until the site's settings were looked at
 */
record CustomMetric(Aggregate aggregate, String key, Optional<Custom> declared) implements Metric {

  /** What is made of the values. */
  enum Aggregate {
    SUM("sum:"),
    AVERAGE("average:");

    private final String prefix;

    Aggregate(String prefix) {
      this.prefix = prefix;
    }
  }

  /** How they are written, for people. */
  static final String FORMS = "sum:<name or index>, average:<name or index>";

  static Optional<Metric> named(String word) {
    for (Aggregate aggregate : Aggregate.values()) {
      String key =
          word.startsWith(aggregate.prefix) ? word.substring(aggregate.prefix.length()) : "";
      if (!key.isEmpty() && key.length() <= CustomDimension.LONGEST) {
        return Optional.of(new CustomMetric(aggregate, key, Optional.empty()));
      }
    }
    return Optional.empty();
  }

  @Override
  public String word() {
    return aggregate.prefix + key;
  }

  /** Engagement may bring values too, so it must be known which of it belongs to visits. */
  @Override
  public Needs needs() {
    return declared.filter(custom -> custom.reach() == Custom.Reach.VISIT).isPresent()
        ? Needs.WHOLE_VISITS
        : Needs.VISITS;
  }

  @Override
  public Set<People> people() {
    return Set.of();
  }

  @Override
  public List<? extends Summand> parts() {
    Custom custom = declared.orElseThrow();
    CustomPart sum = new CustomPart(custom, true);
    return aggregate == Aggregate.SUM ? List.of(sum) : List.of(sum, new CustomPart(custom, false));
  }

  @Override
  public String sql() {
    Custom custom = declared.orElseThrow();
    String sum = new CustomPart(custom, true).column();
    if (aggregate == Aggregate.AVERAGE) {
      return "round(%s / nullif(%s, 0) / %d, %d)"
          .formatted(
              sum,
              new CustomPart(custom, false).column(),
              custom.type().parts(),
              custom.type().digits());
    }
    return custom.type() == Custom.Type.INTEGER
        ? "round(" + sum + ")::BIGINT"
        : "round(%s / %d, %d)".formatted(sum, custom.type().parts(), custom.type().digits());
  }

  /** Whether it is shown as an amount in the site's currency. */
  boolean isAmount() {
    return declared.filter(custom -> custom.type() == Custom.Type.CURRENCY).isPresent();
  }

  @Override
  public Nothing ofNothing() {
    if (aggregate == Aggregate.AVERAGE) {
      return Nothing.NULL;
    }
    return switch (declared.orElseThrow().type()) {
      case CURRENCY -> Nothing.MONEY;
      case TIME -> Nothing.FRACTION;
      default -> Nothing.COUNT;
    };
  }
}

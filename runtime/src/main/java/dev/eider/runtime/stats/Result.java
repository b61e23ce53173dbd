package dev.eider.runtime.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One group of an answer.
 *
 * @param dimensions as they are shown
 * @param metrics numbers, amounts of money or null, in the order of the question
 * @param compared the same group in another range
 */
record Result(List<String> dimensions, List<JsonNode> metrics, Optional<Compared> compared) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * A group in another range.
   *
   * @param change of each metric: in percent, of shares in points; null where there is none
   */
  record Compared(List<String> dimensions, List<JsonNode> metrics, List<JsonNode> change) {}

  ObjectNode json() {
    ObjectNode json = JSON.objectNode();
    json.set("metrics", array(metrics));
    json.set("dimensions", texts(dimensions));
    compared.ifPresent(
        other -> {
          ObjectNode comparison = json.putObject("comparison");
          comparison.set("metrics", array(other.metrics()));
          comparison.set("dimensions", texts(other.dimensions()));
          comparison.set("change", array(other.change()));
        });
    return json;
  }

  /** This group beside the same in another range. */
  Result with(List<Metric> asked, Result other) {
    List<JsonNode> change = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      change.add(change(asked.get(i), other.metrics().get(i), metrics.get(i)));
    }
    return new Result(
        dimensions,
        metrics,
        Optional.of(new Compared(other.dimensions(), other.metrics(), List.copyOf(change))));
  }

  private static JsonNode change(Metric metric, JsonNode before, JsonNode now) {
    Optional<BigDecimal> then = number(before);
    Optional<BigDecimal> after = number(now);
    if (then.isEmpty() || after.isEmpty()) {
      return JSON.nullNode();
    }
    BigDecimal old = then.get();
    BigDecimal difference = after.get().subtract(old);
    if (metric.isShare()) {
      return shown(difference.setScale(1, RoundingMode.HALF_UP).doubleValue());
    }
    if (old.signum() == 0) {
      return JSON.numberNode(after.get().signum() > 0 ? 100L : 0L);
    }
    return JSON.numberNode(
        difference
            .multiply(BigDecimal.valueOf(100))
            .divide(old, 0, RoundingMode.HALF_UP)
            .longValue());
  }

  private static JsonNode shown(double number) {
    return number == Math.rint(number) ? JSON.numberNode((long) number) : JSON.numberNode(number);
  }

  private static Optional<BigDecimal> number(JsonNode metric) {
    JsonNode value = metric.isObject() ? metric.path("value") : metric;
    return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
  }

  private static ArrayNode array(List<JsonNode> values) {
    return JSON.arrayNode().addAll(values);
  }

  private static ArrayNode texts(List<String> values) {
    ArrayNode array = JSON.arrayNode();
    values.forEach(array::add);
    return array;
  }
}

package dev.eider.e2e.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The last line of a benchmark, for programs. */
final class Figure {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Figure() {}

  /**
   * Prints it.
   *
   * @param ratio of what was measured to the limit measured in the same run
   * @param limit in the same unit as the value
   */
  static void print(String name, double value, String unit, double ratio, double limit) {
    ObjectNode figure = JSON.createObjectNode();
    figure.put("name", name);
    figure.put("value", Math.round(value * 10) / 10.0);
    figure.put("unit", unit);
    figure.put("ratio", Math.round(ratio * 1000) / 1000.0);
    figure.put("limit", Math.round(limit * 10) / 10.0);
    System.out.println(figure);
  }
}

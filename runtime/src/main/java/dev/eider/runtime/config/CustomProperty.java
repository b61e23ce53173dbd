package dev.eider.runtime.config;

/**
 * A custom dimension or metric that a site declares: a property of its events that may be named by
 * an index, and that holds for more than the event it came with.
 *
 * @param name of the property in events; 1 to 100 characters
 * @param index 1 to 20, counted apart for dimensions and metrics
 * @param type what its values are
 * @param scope what a value holds for; in a session or of a visitor, the last one wins
 */
public record CustomProperty(String name, int index, Type type, Scope scope) {

  /** How many dimensions, and how many metrics, a site may have. */
  public static final int MOST = 20;

  private static final int LONGEST_NAME = 100;

  /** Whether values are grouped by or counted. */
  public enum Kind {
    DIMENSION,
    METRIC
  }

  /** What values are. */
  public enum Type {
    /** Text: a dimension. */
    STRING,
    /** Whole numbers: a metric. */
    INTEGER,
    /** Amounts in the site's currency: a metric. */
    CURRENCY,
    /** Seconds: a metric. */
    TIME
  }

  /** What a value holds for. */
  public enum Scope {
    EVENT,
    SESSION,
    VISITOR
  }

  public CustomProperty {
    Bounds.checkLength("name", name, 1, LONGEST_NAME);
    Bounds.check("index", index, 1, MOST);
  }

  /** A dimension where values are text, else a metric. */
  public Kind kind() {
    return type == Type.STRING ? Kind.DIMENSION : Kind.METRIC;
  }
}

package dev.eider.operator;

import dev.eider.operator.config.OperatorConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the operator; everything that it is told comes from the environment. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    try {
      EiderOperator.start(OperatorConfig.fromEnvironment(System.getenv()));
    } catch (Exception e) {
      LOG.error("the operator could not start: {}", e.getMessage(), e);
      System.exit(1);
    }
  }
}

package dev.eider.e2e.cluster;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the cluster of the run and a namespace a class, and tells what was there when a test
 * failed.
 */
final class ClusterExtension
    implements ExecutionCondition,
        ParameterResolver,
        BeforeTestExecutionCallback,
        AfterTestExecutionCallback,
        LifecycleMethodExecutionExceptionHandler {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  /** Kept in a record, since a store has no value for "nothing". */
  private record Reason(Optional<String> text) {}

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return whyNot(context)
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("a cluster is possible"));
  }

  private static Optional<String> whyNot(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent("why-not", key -> askWhyNot(), Reason.class)
        .text();
  }

  private static Reason askWhyNot() {
    Optional<String> reason = Cluster.whyNot();
    reason.ifPresent(
        why ->
            Progress.say(
                """

                ==================================================================
                THE TESTS ON A CLUSTER ARE SKIPPED: %s
                =================================================================="""
                    .formatted(why)));
    return new Reason(reason);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == Namespace.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class
        ? cluster(context)
        : namespace(context);
  }

  private static Cluster cluster(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(Cluster.class, key -> Cluster.start(), Cluster.class);
  }

  private static Namespace namespace(ExtensionContext context) {
    Class<?> test = context.getRequiredTestClass();
    Cluster cluster = cluster(context);
    // First asked for by the class's constructor, so it is kept, and closed, with the class.
    return context
        .getStore(STORE)
        .computeIfAbsent(
            test, key -> Namespace.create(cluster, test.getSimpleName()), Namespace.class);
  }

  @Override
  public void beforeTestExecution(ExtensionContext context) {
    Progress.say(name(context) + " begins");
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    boolean failed = context.getExecutionException().isPresent();
    Progress.say(name(context) + (failed ? " FAILED" : " passed"));
    if (failed) {
      namespace(context).tell();
    }
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable throwable)
      throws Throwable {
    Progress.say(context.getDisplayName() + " FAILED before its first test");
    namespace(context).tell();
    throw throwable;
  }

  private static String name(ExtensionContext context) {
    return context.getRequiredTestClass().getSimpleName() + ": " + context.getDisplayName();
  }
}

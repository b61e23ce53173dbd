package dev.eider.operator;

import dev.eider.operator.backup.BackupReconciler;
import dev.eider.operator.backup.ScheduledBackups;
import dev.eider.operator.config.OperatorConfig;
import dev.eider.operator.erasure.ErasureReconciler;
import dev.eider.operator.events.EventRecorder;
import dev.eider.operator.retention.RetentionPolicyReconciler;
import dev.eider.operator.site.SiteReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: makes everything once, starts it, and stops it on SIGTERM. */
public final class EiderOperator {

  private static final Logger LOG = LoggerFactory.getLogger(EiderOperator.class);

  /** For what no event tells: drift that a watch missed, schedules that have passed. */
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMinutes(10);

  private static final Duration FINISH_WITHIN = Duration.ofSeconds(10);

  private final Operator operator;
  private final Leadership leadership;
  private final ManagementServer management;

  private EiderOperator(Operator operator, Leadership leadership, ManagementServer management) {
    this.operator = operator;
    this.leadership = leadership;
    this.management = management;
  }

  /**
   * Starts the operator and returns when it watches; threads of its own keep the process alive.
   *
   * @throws java.io.IOException when the port cannot be had
   */
  public static EiderOperator start(OperatorConfig config) throws IOException {
    KubernetesClient client = new KubernetesClientBuilder().build();
    OperatorMetrics metrics = new OperatorMetrics();
    Leadership leadership = new Leadership(client, config);
    Operator operator =
        new Operator(overrider -> configure(overrider, client, metrics, leadership));
    EventRecorder events = new EventRecorder(client, Clock.systemUTC());
    SiteReconciler sites = new SiteReconciler(config, events, Clock.systemUTC());
    sites.census().bindTo(metrics.registry());
    register(operator, config, sites);
    register(
        operator,
        config,
        new ErasureReconciler(events, sites.overdueErasures(), Clock.systemUTC()));
    register(operator, config, new BackupReconciler(events, Clock.systemUTC()));
    register(operator, config, new ScheduledBackups());
    register(operator, config, new RetentionPolicyReconciler(events, Clock.systemUTC()));
    ManagementServer management =
        ManagementServer.start(config.port(), new Health(operator), metrics);
    EiderOperator all = new EiderOperator(operator, leadership, management);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(all::stop));
    operator.start();
    LOG.info(
        "watching {}; runtimes take {} unless they name an image",
        config.namespaces().isEmpty() ? "all namespaces" : config.namespaces(),
        config.runtimeImage());
    return all;
  }

  private static void configure(
      ConfigurationServiceOverrider overrider,
      KubernetesClient client,
      OperatorMetrics metrics,
      Leadership leadership) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(metrics.registry()))
        .withReconciliationTerminationTimeout(FINISH_WITHIN)
        .withStopOnInformerErrorDuringStartup(false)
        // Every kind is applied by the server, so that what others own is left to them.
        .withDefaultNonSSAResource(Set.of())
        // Would add an annotation on each write, which then differs at the next look.
        .withPreviousAnnotationForDependentResources(false);
    leadership.configuration().ifPresent(overrider::withLeaderElectionConfiguration);
  }

  private static <P extends HasMetadata> void register(
      Operator operator, OperatorConfig config, Reconciler<P> reconciler) {
    operator.register(reconciler, overrider -> configureController(overrider, config));
  }

  private static <P extends HasMetadata> void configureController(
      ControllerConfigurationOverrider<P> overrider, OperatorConfig config) {
    overrider
        .withReconciliationMaxInterval(LOOK_AGAIN_AFTER)
        .withRetry(
            new GenericRetry()
                .setInitialInterval(1_000)
                .setIntervalMultiplier(2)
                .setMaxInterval((int) Duration.ofMinutes(5).toMillis())
                .setMaxAttempts(Integer.MAX_VALUE));
    if (!config.namespaces().isEmpty()) {
      overrider.settingNamespaces(config.namespaces());
    }
  }

  /** Stops in the order in which nothing is left half done: work, Lease, endpoints. */
  private void stop() {
    LOG.info("stopping");
    leadership.stopping();
    operator.stop();
    leadership.release();
    management.close();
    LOG.info("stopped");
  }
}

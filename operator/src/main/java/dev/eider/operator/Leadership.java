package dev.eider.operator;

import dev.eider.operator.config.OperatorConfig;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator works at a time. Losing the Lease ends the process; ending the process gives the
 * Lease back, so that the next one need not wait it out.
 *
 * <p>JOSDK's own exit on a lost Lease runs inside the shutdown hook when the process is being
 * stopped and waits for itself there, so both are done here.
 */
final class Leadership {

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final String LEASE = "eider-operator";

  private final KubernetesClient client;
  private final OperatorConfig config;
  private volatile boolean stopping;

  Leadership(KubernetesClient client, OperatorConfig config) {
    this.client = client;
    this.config = config;
  }

  Optional<LeaderElectionConfiguration> configuration() {
    if (!config.leaderElection()) {
      return Optional.empty();
    }
    return Optional.of(
        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
            .withLeaseNamespace(config.leaseNamespace())
            .withIdentity(config.identity())
            .withExitOnStopLeading(false)
            .withLeaderCallbacks(
                new LeaderCallbacks(
                    () -> LOG.info("{} leads", config.identity()), this::lost, leader -> {}))
            .build());
  }

  /** From here on a lost Lease is what we want. */
  void stopping() {
    stopping = true;
  }

  /** Gives the Lease back if it is ours. */
  void release() {
    if (!config.leaderElection()) {
      return;
    }
    try {
      Lease lease = client.leases().inNamespace(config.leaseNamespace()).withName(LEASE).get();
      if (lease != null && config.identity().equals(lease.getSpec().getHolderIdentity())) {
        client
            .resource(
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build())
            .update();
        LOG.info("gave the Lease {} back", LEASE);
      }
    } catch (KubernetesClientException e) {
      LOG.warn("the Lease could not be given back; it runs out by itself: {}", e.getMessage());
    }
  }

  private void lost() {
    if (!stopping) {
      LOG.error("lost the Lease {}; ending, so that only one operator works", LEASE);
      // Not on this thread: the shutdown hook waits for the election to end.
      Thread.ofPlatform().name("exit").start(() -> System.exit(1));
    }
  }
}

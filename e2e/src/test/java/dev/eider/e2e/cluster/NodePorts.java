package dev.eider.e2e.cluster;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** The NodePorts that are reached from this machine. The API server knows which are taken. */
record NodePorts(int first, int last) {

  /** Makes a service at the first port that is free. */
  Service take(KubernetesClient client, Service service) {
    for (int port = first; port <= last; port++) {
      service.getSpec().getPorts().getFirst().setNodePort(port);
      try {
        return client.resource(service).create();
      } catch (KubernetesClientException e) {
        if (!String.valueOf(e.getMessage()).contains("already allocated")) {
          throw e;
        }
      }
    }
    throw new IllegalStateException(
        "all NodePorts from %d to %d are taken: delete what earlier runs left (kubectl get services -A)"
            .formatted(first, last));
  }
}

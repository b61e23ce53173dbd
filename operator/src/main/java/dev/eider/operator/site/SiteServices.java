package dev.eider.operator.site;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;

/** How a site's runtime is reached. */
final class SiteServices {

  private SiteServices() {}

  /** For visitors and for those who read statistics. */
  static Service main(SitePlan plan) {
    return service(plan, Names.service(plan.name()), port("http", 80, "http"), false);
  }

  /** For the operator and the CronJobs; it leads to a runtime that is not ready, too. */
  static Service admin(SitePlan plan) {
    return service(
        plan,
        Names.adminService(plan.name()),
        port("admin", SiteStatefulSet.ADMIN_PORT, "admin"),
        true);
  }

  private static Service service(
      SitePlan plan, String name, ServicePort port, boolean alsoNotReady) {
    return new ServiceBuilder()
        .withMetadata(plan.metadata(name, Names.RUNTIME))
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Names.selector(plan.name(), Names.RUNTIME))
        .withPorts(port)
        .withSessionAffinity("None")
        .withPublishNotReadyAddresses(alsoNotReady)
        .endSpec()
        .build();
  }

  private static ServicePort port(String name, int port, String target) {
    return new ServicePortBuilder()
        .withName(name)
        .withPort(port)
        .withProtocol("TCP")
        .withTargetPort(new IntOrString(target))
        .build();
  }
}

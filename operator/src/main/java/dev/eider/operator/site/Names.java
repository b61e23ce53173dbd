package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a site's objects are called and labelled; renaming one of them orphans what is there. */
final class Names {

  static final String SITE_LABEL = "eider.dev/site";
  static final String VERB_LABEL = "eider.dev/verb";
  static final String JOB_NAME_LABEL = "batch.kubernetes.io/job-name";

  /** On a Job's pods, the Job's uid. */
  static final String JOB_UID_LABEL = "batch.kubernetes.io/controller-uid";

  /** On a claim: the lake that its volume belongs to, where that is not named after the site. */
  static final String LAKE_ID_ANNOTATION = "eider.dev/lake-id";

  static final String SITE_ID_ANNOTATION = "eider.dev/site-id";

  static final String COMPONENT_LABEL = "app.kubernetes.io/component";
  static final String RUNTIME = "runtime";
  static final String JOB = "job";

  private Names() {}

  static String statefulSet(String site) {
    return site;
  }

  static String pod(String site) {
    return site + "-0";
  }

  static String volumeClaim(String site) {
    return "data-" + pod(site);
  }

  static String service(String site) {
    return site;
  }

  static String adminService(String site) {
    return site + "-admin";
  }

  static String configMap(String site) {
    return site + "-sites";
  }

  static String adminSecret(String site) {
    return site + "-admin";
  }

  static String keysSecret(String site) {
    return site + "-keys";
  }

  /** What the ledger of erasures is understood by elsewhere. */
  static String erasureSecret(String site) {
    return site + "-erasure";
  }

  static String cronJob(String site, Verb verb) {
    return site + "-" + verb.word();
  }

  /** The Job that brings a backup to a new site. */
  static String restoreJob(String site) {
    return site + "-restore";
  }

  /** Labels by which objects are chosen; they never change. */
  static Map<String, String> selector(String site, String component) {
    return sorted(
        Map.ofEntries(
            Map.entry("app.kubernetes.io/name", "eider"),
            Map.entry("app.kubernetes.io/instance", site),
            Map.entry(COMPONENT_LABEL, component)));
  }

  /** Labels of everything that is made for a site. */
  static Map<String, String> labels(String site, String component) {
    return sorted(
        Map.ofEntries(
            Map.entry("app.kubernetes.io/name", "eider"),
            Map.entry("app.kubernetes.io/instance", site),
            Map.entry(COMPONENT_LABEL, component),
            Map.entry("app.kubernetes.io/managed-by", "eider-operator"),
            Map.entry(SITE_LABEL, site)));
  }

  /** In one order on every run, for those who read and compare. */
  private static Map<String, String> sorted(Map<String, String> labels) {
    return Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  /** The site that an object belongs to, by its label. */
  static Set<ResourceID> siteOf(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getLabels())
        .map(labels -> labels.get(SITE_LABEL))
        .map(site -> Set.of(new ResourceID(site, object.getMetadata().getNamespace())))
        .orElse(Set.of());
  }

  static ResourceID id(String name, AnalyticsSite site) {
    return new ResourceID(name, site.getMetadata().getNamespace());
  }
}

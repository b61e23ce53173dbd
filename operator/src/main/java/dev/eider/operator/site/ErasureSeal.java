package dev.eider.operator.site;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;

/**
 * How pods are given what seals the key of erasures. A site that begins with another's backup is
 * given that one's too, where this namespace has it.
 */
final class ErasureSeal {

  /** The Secret's entry, and the name by which the runtime knows its own among several. */
  static final String ENTRY = "key";

  private static final String NAME = "erasure";
  private static final String FOLDER = "/etc/eider/erasure";
  private static final String OF_SOURCE = "of-source";
  private static final int MODE = 0440;

  private ErasureSeal() {}

  static EnvVar variable() {
    return PodParts.env("EIDER_ERASURE_KEY", FOLDER);
  }

  static VolumeMount mount() {
    return PodParts.mount(NAME, FOLDER, true);
  }

  static Volume volume(SitePlan plan) {
    return PodParts.secretEntry(NAME, Names.erasureSecret(plan.name()), ENTRY, ENTRY);
  }

  /** With that of the site that was backed up, whose folder says what it is called. */
  static Volume volume(SitePlan plan, Restoration.Source source) {
    String backedUp = source.folder().substring(source.folder().indexOf('.') + 1);
    if (backedUp.isEmpty() || backedUp.equals(plan.name())) {
      return volume(plan);
    }
    return new VolumeBuilder()
        .withName(NAME)
        .withNewProjected()
        .withDefaultMode(MODE)
        .addNewSource()
        .withNewSecret()
        .withName(Names.erasureSecret(plan.name()))
        .addNewItem()
        .withKey(ENTRY)
        .withPath(ENTRY)
        .endItem()
        .endSecret()
        .endSource()
        .addNewSource()
        .withNewSecret()
        .withName(Names.erasureSecret(backedUp))
        .withOptional(true)
        .addNewItem()
        .withKey(ENTRY)
        .withPath(OF_SOURCE)
        .endItem()
        .endSecret()
        .endSource()
        .endProjected()
        .build();
  }
}

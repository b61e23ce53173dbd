package dev.eider.operator.site;

import dev.eider.api.v1alpha1.Geo;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Optional;
import java.util.Set;

/**
 * The geo database that a spec names. It is somebody else's: it may come after the site, and be
 * changed or taken away at any time.
 *
 * <p>A Secret or a ConfigMap is mounted whether or not it is there: events are worth more than
 * knowing where they are from, and the kubelet brings the files once there are any. A claim that is
 * not there would keep the pod from starting, so the pod waits for it, or stays as it is.
 *
 * @param kind what holds it
 * @param name of the object, in the site's namespace
 * @param path in it: an entry, or a file or folder of a volume; empty: all of it
 */
record GeoDatabase(Kind kind, String name, Optional<String> path) {

  /** What holds a database. */
  enum Kind {
    SECRET("spec.runtime.geo.databaseSecretRef", "Secret"),
    CONFIG_MAP("spec.runtime.geo.configMapRef", "ConfigMap"),
    CLAIM("spec.runtime.geo.volumeClaim", "PersistentVolumeClaim");

    private final String field;
    private final String word;

    Kind(String field, String word) {
      this.field = field;
      this.word = word;
    }
  }

  private static final String VOLUME = "geo";
  private static final String FOLDER = "/etc/eider/geo";
  private static final String SUFFIX = ".mmdb";
  private static final String FILE = "database" + SUFFIX;

  /** The one that a site names, if it names one. */
  static Optional<GeoDatabase> of(SitePlan plan) {
    return plan.runtime().geoDatabase().flatMap(GeoDatabase::of);
  }

  private static Optional<GeoDatabase> of(Geo geo) {
    if (geo.databaseSecretRef() != null) {
      return Optional.of(entry(Kind.SECRET, geo.databaseSecretRef()));
    }
    if (geo.configMapRef() != null) {
      return Optional.of(entry(Kind.CONFIG_MAP, geo.configMapRef()));
    }
    return Optional.ofNullable(geo.volumeClaim())
        .map(
            claim ->
                new GeoDatabase(Kind.CLAIM, claim.claimName(), Optional.ofNullable(claim.path())));
  }

  private static GeoDatabase entry(Kind kind, Geo.Entry entry) {
    return new GeoDatabase(kind, entry.name(), entry.entry());
  }

  /** Where the runtime finds it. */
  EnvVar variable() {
    boolean within = kind == Kind.CLAIM && path.isPresent();
    return PodParts.env("EIDER_GEO", within ? FOLDER + "/" + path.get() : FOLDER);
  }

  VolumeMount mount() {
    return PodParts.mount(VOLUME, FOLDER, true);
  }

  Volume volume() {
    return switch (kind) {
      case SECRET -> {
        VolumeBuilder volume =
            new VolumeBuilder(
                path.map(key -> PodParts.secretEntry(VOLUME, name, key, FILE))
                    .orElseGet(() -> PodParts.secret(VOLUME, name)));
        yield volume.editSecret().withOptional(true).endSecret().build();
      }
      case CONFIG_MAP -> {
        VolumeBuilder volume = new VolumeBuilder(PodParts.configMap(VOLUME, name));
        path.ifPresent(
            key ->
                volume
                    .editConfigMap()
                    .addNewItem()
                    .withKey(key)
                    .withPath(FILE)
                    .endItem()
                    .endConfigMap());
        yield volume.editConfigMap().withOptional(true).endConfigMap().build();
      }
      case CLAIM ->
          new VolumeBuilder().withName(VOLUME).withNewPersistentVolumeClaim(name, true).build();
    };
  }

  /** The object and what it is, for people. */
  String described() {
    return "the %s %s".formatted(kind.word, name);
  }

  /**
   * What is wrong with the object, if anything.
   *
   * @param entries names of what it holds (a claim's are not known); empty: it is not there
   */
  Optional<Trouble> trouble(Optional<Set<String>> entries) {
    if (entries.isEmpty()) {
      return Optional.of(
          trouble(
              Reason.GeoDatabaseNotFound,
              "there is no %s %s in this namespace: create it".formatted(kind.word, name)));
    }
    boolean held =
        kind == Kind.CLAIM
            || path.map(entries.get()::contains)
                .orElseGet(() -> entries.get().stream().anyMatch(key -> key.endsWith(SUFFIX)));
    return held
        ? Optional.empty()
        : Optional.of(
            trouble(
                Reason.GeoDatabaseIncomplete,
                "%s has no entry %s: give it a database in MaxMind's format under such a name"
                    .formatted(described(), path.orElse("whose name ends in " + SUFFIX))));
  }

  /** The object could not even be looked at. */
  Trouble unreadable(String why) {
    return trouble(
        Reason.GeoDatabaseUnreadable, "%s cannot be read: %s".formatted(described(), why));
  }

  private Trouble trouble(Reason reason, String what) {
    boolean holds = kind == Kind.CLAIM;
    return new Trouble(
        reason,
        "%s: %s; until then %s"
            .formatted(
                kind.field,
                what,
                holds
                    ? "no pod is made, and one that serves stays as it is"
                    : "the country database that comes with Eider is used"),
        holds);
  }

  /**
   * Why the database is of no use.
   *
   * @param holds whether a pod could not start with it
   */
  record Trouble(Reason reason, String sentence, boolean holds) {}
}

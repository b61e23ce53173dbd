package dev.eider.operator.site;

import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.BackupEncryption;
import dev.eider.api.v1alpha1.S3;
import dev.eider.api.v1alpha1.SecretKeyRef;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Secret that a spec names. It is somebody else's: it may come after the site, and be changed or
 * taken away at any time.
 *
 * @param field of the spec that names it
 * @param name of the Secret, in the site's namespace
 * @param needs what it has to hold, for people
 * @param anyOf sets of keys of which it has to hold one whole
 */
record SecretRef(String field, String name, String needs, List<Set<String>> anyOf) {

  private static final Set<String> KEYS = Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");

  private static final String LAKE = "spec.runtime.storage.s3";
  private static final String TIER = "spec.runtime.storage.tier.s3";
  private static final String ARCHIVE = "the policy's spec.archive.destination.s3";
  private static final String BACKUPS = "spec.runtime.backup.destination.s3";

  /** As CloudNativePG makes it for an application, or by hand. */
  private static final List<Set<String>> DATABASE =
      List.of(
          Set.of("uri"),
          Set.of("host", "dbname", "user", "password"),
          Set.of("host", "dbname", "username", "password"));

  SecretRef {
    anyOf = List.copyOf(anyOf);
  }

  /** All that a site names. */
  static List<SecretRef> of(SitePlan plan) {
    Optional<S3> s3 = plan.runtime().s3();
    Optional<S3> tier = plan.runtime().tierPlace();
    Optional<Restoration.Source> source = plan.restoration().flatMap(Restoration::source);
    String from = source.map(Restoration.Source::field).orElse("") + ".s3";
    Optional<S3> restored = source.flatMap(there -> there.place().bucket());
    Optional<S3> archive = ArchiveTarget.bucket(plan);
    Optional<S3> backups = plan.runtime().backupDestination().flatMap(BackupDestination::bucket);
    return Stream.of(
            s3.flatMap(S3::credentialsSecret).map(name -> credentials(LAKE, name)),
            s3.flatMap(S3::ca).map(ca -> certificates(LAKE, ca)),
            tier.flatMap(S3::credentialsSecret).map(name -> credentials(TIER, name)),
            tier.flatMap(S3::ca).map(ca -> certificates(TIER, ca)),
            backups.flatMap(S3::credentialsSecret).map(name -> credentials(BACKUPS, name)),
            backups.flatMap(S3::ca).map(ca -> certificates(BACKUPS, ca)),
            plan.runtime()
                .backupDestination()
                .flatMap(SecretRef::ownKey)
                .map(key -> backupKey("spec.runtime.backup.destination", key)),
            source
                .map(Restoration.Source::place)
                .flatMap(SecretRef::ownKey)
                .map(key -> backupKey(source.get().field(), key)),
            archive.flatMap(S3::credentialsSecret).map(name -> credentials(ARCHIVE, name)),
            archive.flatMap(S3::ca).map(ca -> certificates(ARCHIVE, ca)),
            restored.flatMap(S3::credentialsSecret).map(name -> credentials(from, name)),
            restored.flatMap(S3::ca).map(ca -> certificates(from, ca)),
            plan.runtime().catalogSecret().map(SecretRef::database))
        .flatMap(Optional::stream)
        .toList();
  }

  private static SecretRef credentials(String s3, String name) {
    return new SecretRef(
        s3 + ".credentialsSecretRef",
        name,
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN with temporary keys)",
        List.of(KEYS));
  }

  private static Optional<SecretKeyRef> ownKey(BackupDestination place) {
    return place.encrypted().flatMap(BackupEncryption::ownKey);
  }

  private static SecretRef backupKey(String place, SecretKeyRef key) {
    String entry = BackupTarget.keyEntry(key);
    return new SecretRef(
        place + ".encryption.keySecretRef",
        key.name(),
        "a key of 32 bytes (openssl rand -base64 32) as " + entry,
        List.of(Set.of(entry)));
  }

  private static SecretRef certificates(String s3, SecretKeyRef ca) {
    return new SecretRef(
        s3 + ".caSecretRef",
        ca.name(),
        "certificates (PEM) as " + ca.keyOrDefault(),
        List.of(Set.of(ca.keyOrDefault())));
  }

  private static SecretRef database(String name) {
    return new SecretRef(
        "spec.runtime.catalog.postgres.secretRef",
        name,
        "uri, or host, dbname, user (or username) and password (and port, if it is not 5432)",
        DATABASE);
  }

  /** What is wrong with the Secret, if anything. Its values are not looked at, nor told. */
  Optional<ReferenceTrouble> trouble(Optional<Secret> found) {
    if (found.isEmpty()) {
      return Optional.of(
          new ReferenceTrouble(
              Reason.SecretNotFound,
              "%s: there is no Secret %s in this namespace: create it with %s"
                  .formatted(field, name, needs)));
    }
    Map<String, String> data = Optional.ofNullable(found.get().getData()).orElse(Map.of());
    boolean whole =
        anyOf.stream()
            .anyMatch(keys -> keys.stream().noneMatch(key -> data.getOrDefault(key, "").isEmpty()));
    return whole
        ? Optional.empty()
        : Optional.of(
            new ReferenceTrouble(
                Reason.SecretIncomplete,
                "%s: the Secret %s does not hold what it must: give it %s"
                    .formatted(field, name, needs)));
  }

  /** The Secret could not even be looked at. */
  ReferenceTrouble unreadable(String why) {
    return new ReferenceTrouble(
        Reason.SecretUnreadable,
        "%s: the Secret %s cannot be read: %s".formatted(field, name, why));
  }
}

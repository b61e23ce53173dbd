package dev.eider.operator.site;

import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.BackupEncryption;
import dev.eider.api.v1alpha1.RuntimeSpec;
import dev.eider.api.v1alpha1.S3;
import dev.eider.api.v1alpha1.SecretKeyRef;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pod is given when its backups have a destination, and nothing when they have none. Each
 * site has a folder of its own there.
 */
record BackupTarget(List<EnvVar> variables, List<Volume> volumes, List<VolumeMount> mounts) {

  private static final String VOLUME = "/backups";
  private static final String CREDENTIALS = "/etc/eider/backup-s3";
  private static final String CERTIFICATES = "/etc/eider/backup-s3-ca";
  private static final String KEY = "/etc/eider/backup-key";
  private static final String KEY_FILE = "key";
  private static final String CA_FILE = "ca.crt";

  BackupTarget {
    variables = List.copyOf(variables);
    volumes = List.copyOf(volumes);
    mounts = List.copyOf(mounts);
  }

  static BackupTarget of(SitePlan plan) {
    Optional<BackupDestination> destination = plan.runtime().backupDestination();
    if (destination.isEmpty()) {
      return new BackupTarget(List.of(), List.of(), List.of());
    }
    BackupTarget place = at(destination.get(), plan.folder());
    List<EnvVar> variables = new ArrayList<>(place.variables());
    policy(plan.runtime(), variables);
    return new BackupTarget(variables, place.volumes(), place.mounts());
  }

  /** What a pod is given to reach a folder of backups. */
  static BackupTarget at(BackupDestination destination, String folder) {
    List<EnvVar> variables = new ArrayList<>();
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    destination
        .claim()
        .ifPresent(
            claim -> {
              variables.add(PodParts.env("EIDER_BACKUP_TO", VOLUME + "/" + folder));
              volumes.add(
                  new VolumeBuilder()
                      .withName("backups")
                      .withNewPersistentVolumeClaim()
                      .withClaimName(claim)
                      .endPersistentVolumeClaim()
                      .build());
              mounts.add(PodParts.mount("backups", VOLUME, false));
            });
    destination.bucket().ifPresent(s3 -> bucket(s3, folder, variables, volumes, mounts));
    destination
        .encrypted()
        .flatMap(BackupEncryption::asked)
        .ifPresent(how -> variables.add(PodParts.env("EIDER_BACKUP_S3_ENCRYPTION", how)));
    destination
        .encrypted()
        .flatMap(BackupEncryption::ownKey)
        .ifPresent(
            key -> {
              variables.add(PodParts.env("EIDER_BACKUP_KEY_FILE", KEY + "/" + KEY_FILE));
              volumes.add(PodParts.secretEntry("backup-key", key.name(), keyEntry(key), KEY_FILE));
              mounts.add(PodParts.mount("backup-key", KEY, true));
            });
    return new BackupTarget(variables, volumes, mounts);
  }

  /** The entry of the Secret that holds the key. */
  static String keyEntry(SecretKeyRef key) {
    return Optional.ofNullable(key.key()).orElse(KEY_FILE);
  }

  private static void bucket(
      S3 s3,
      String folder,
      List<EnvVar> variables,
      List<Volume> volumes,
      List<VolumeMount> mounts) {
    variables.add(PodParts.env("EIDER_BACKUP_TO", s3.url(folder)));
    Optional.ofNullable(s3.endpoint())
        .ifPresent(url -> variables.add(PodParts.env("EIDER_BACKUP_S3_ENDPOINT", url)));
    Optional.ofNullable(s3.region())
        .ifPresent(region -> variables.add(PodParts.env("EIDER_BACKUP_S3_REGION", region)));
    Optional.ofNullable(s3.pathStyle())
        .ifPresent(
            path ->
                variables.add(PodParts.env("EIDER_BACKUP_S3_PATH_STYLE", Boolean.toString(path))));
    s3.credentialsSecret()
        .ifPresent(
            secret -> {
              variables.add(PodParts.env("EIDER_BACKUP_S3_CREDENTIALS", CREDENTIALS));
              volumes.add(PodParts.secret("backup-s3", secret));
              mounts.add(PodParts.mount("backup-s3", CREDENTIALS, true));
            });
    s3.ca()
        .ifPresent(
            ca -> {
              variables.add(PodParts.env("EIDER_BACKUP_S3_CA", CERTIFICATES + "/" + CA_FILE));
              volumes.add(
                  PodParts.secretEntry("backup-s3-ca", ca.name(), ca.keyOrDefault(), CA_FILE));
              mounts.add(PodParts.mount("backup-s3-ca", CERTIFICATES, true));
            });
  }

  private static void policy(RuntimeSpec runtime, List<EnvVar> variables) {
    RuntimeSpec.Backup backup = runtime.backup();
    if (backup == null) {
      return;
    }
    Optional.ofNullable(backup.keep())
        .ifPresent(
            keep -> {
              Optional.ofNullable(keep.count())
                  .ifPresent(
                      count -> variables.add(PodParts.env("EIDER_BACKUP_KEEP", count.toString())));
              Optional.ofNullable(keep.maxAgeDays())
                  .ifPresent(
                      days ->
                          variables.add(PodParts.env("EIDER_BACKUP_KEEP_DAYS", days.toString())));
            });
    Optional.ofNullable(backup.verify())
        .ifPresent(how -> variables.add(PodParts.env("EIDER_BACKUP_VERIFY", how.name())));
  }
}

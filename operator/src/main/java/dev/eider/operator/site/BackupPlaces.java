package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsBackupStatus;
import dev.eider.api.v1alpha1.AnalyticsSite;
import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.api.v1alpha1.RuntimeSpec;
import java.util.Optional;

/** Where the backups of sites lie. */
public final class BackupPlaces {

  private BackupPlaces() {}

  /** Where those of a site go; empty: nowhere. */
  public static Optional<AnalyticsBackupStatus.Place> of(AnalyticsSite site) {
    return site.getSpec()
        .ownRuntime()
        .flatMap(RuntimeSpec::backupDestination)
        .map(
            to ->
                new AnalyticsBackupStatus.Place(
                    to.s3(),
                    to.volume(),
                    to.encrypted().orElse(null),
                    site.getMetadata().getNamespace() + "." + site.getMetadata().getName()));
  }

  /** What people know a folder by. */
  static String name(BackupDestination place, String folder) {
    return place
        .bucket()
        .map(s3 -> s3.url(folder))
        .orElseGet(() -> "claim %s, folder %s".formatted(place.claim().orElse(""), folder));
  }
}

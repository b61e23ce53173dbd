package dev.eider.operator.site;

import dev.eider.api.v1alpha1.BackupDestination;
import dev.eider.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PersistentVolumeClaim that a spec names. It is somebody else's, and no pod starts without it.
 *
 * @param field of the spec that names it
 * @param name of the claim, in the site's namespace
 */
record ClaimRef(String field, String name) {

  /** All that a site names, but for that of its geo database. */
  static List<ClaimRef> of(SitePlan plan) {
    Optional<Restoration.Source> source = plan.restoration().flatMap(Restoration::source);
    return Stream.of(
            plan.runtime()
                .backupDestination()
                .flatMap(BackupDestination::claim)
                .map(name -> new ClaimRef("spec.runtime.backup.destination.volume", name)),
            ArchiveTarget.claim(plan)
                .map(name -> new ClaimRef("the policy's spec.archive.destination.volume", name)),
            source
                .map(Restoration.Source::place)
                .flatMap(BackupDestination::claim)
                .map(name -> new ClaimRef(source.get().field() + ".volume", name)))
        .flatMap(Optional::stream)
        .toList();
  }

  /** That it is not there. */
  ReferenceTrouble missing() {
    return new ReferenceTrouble(
        Reason.ClaimNotFound,
        "%s.claimName: there is no PersistentVolumeClaim %s in this namespace: create it"
            .formatted(field, name));
  }

  /** It could not even be looked at. */
  ReferenceTrouble unreadable(String why) {
    return new ReferenceTrouble(
        Reason.ClaimUnreadable,
        "%s.claimName: the PersistentVolumeClaim %s cannot be read: %s"
            .formatted(field, name, why));
  }
}

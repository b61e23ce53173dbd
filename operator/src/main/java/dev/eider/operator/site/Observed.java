package dev.eider.operator.site;

import dev.eider.operator.site.Planner.PolicyInForce;
import dev.eider.operator.site.RuntimeAdmin.Figures;
import dev.eider.operator.site.RuntimeAdmin.Store;
import dev.eider.operator.site.RuntimeLink.Trouble;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is the case around a site.
 *
 * @param problem why the site cannot be followed
 * @param errors what the API server said no to, a sentence each
 * @param referenceTroubles what is wrong with Secrets and claims that the site names
 * @param geoTrouble what is wrong with the geo database that the site names
 * @param growthRefused why the claim does not grow
 * @param settingsTrouble why the runtime does not have the settings
 * @param runs the last run of each verb that has ended one
 * @param figures read just now; empty when they were not
 * @param conflicts names that the site claims and another one of its runtime keeps
 * @param store what the runtime says of where its lake lies; empty when it was not asked or did not
 *     say
 * @param restore how the Job ended that was to bring a backup to the site
 */
record Observed(
    PolicyInForce policy,
    Optional<SiteProblem> problem,
    List<String> errors,
    List<ReferenceTrouble> referenceTroubles,
    Optional<GeoDatabase.Trouble> geoTrouble,
    Optional<PersistentVolumeClaim> claim,
    Optional<String> growthRefused,
    Optional<StatefulSet> statefulSet,
    Optional<Pod> pod,
    Optional<Trouble> settingsTrouble,
    Map<Verb, Run> runs,
    Optional<Figures> figures,
    List<String> conflicts,
    Optional<Store> store,
    Optional<Run> restore) {

  Observed {
    errors = List.copyOf(errors);
    referenceTroubles = List.copyOf(referenceTroubles);
    runs = Map.copyOf(runs);
    conflicts = List.copyOf(conflicts);
  }

  /** The same with what the runtime answered. */
  Observed answered(
      Optional<Trouble> trouble,
      Optional<Figures> readFigures,
      List<String> heardConflicts,
      Optional<Store> saidStore) {
    return new Observed(
        policy,
        problem,
        errors,
        referenceTroubles,
        geoTrouble,
        claim,
        growthRefused,
        statefulSet,
        pod,
        trouble,
        runs,
        readFigures,
        heardConflicts,
        saidStore,
        restore);
  }

  /** Whether the pods are those that are asked for, and ready. */
  boolean isRolledOut() {
    return statefulSet.filter(Observed::isRolledOut).isPresent();
  }

  /** Whether something that the site names is missing or wrong. */
  boolean missesReferences() {
    return !referenceTroubles.isEmpty() || geoTrouble.isPresent();
  }

  /** Whether a pod serves, be it an old one. */
  boolean isServing() {
    return statefulSet
        .map(StatefulSet::getStatus)
        .map(status -> Optional.ofNullable(status.getReadyReplicas()).orElse(0))
        .filter(ready -> ready > 0)
        .isPresent();
  }

  static boolean isRolledOut(StatefulSet set) {
    if (set.getStatus() == null || set.getStatus().getObservedGeneration() == null) {
      return false;
    }
    int wanted = Optional.ofNullable(set.getSpec().getReplicas()).orElse(1);
    boolean seen = set.getStatus().getObservedGeneration() >= set.getMetadata().getGeneration();
    boolean all = count(set.getStatus().getReplicas()) == wanted;
    boolean updated = wanted == 0 || count(set.getStatus().getUpdatedReplicas()) == wanted;
    boolean ready = count(set.getStatus().getReadyReplicas()) == wanted;
    return seen && all && updated && ready;
  }

  private static int count(Integer number) {
    return number == null ? 0 : number;
  }
}

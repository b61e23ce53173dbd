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

/** What is the case around a site, for tests that change a little of it. */
final class Seen {

  private PolicyInForce policy =
      new PolicyInForce(Optional.empty(), PolicyInForce.Source.NONE_WANTED, "");
  private Optional<SiteProblem> problem = Optional.empty();
  private List<String> errors = List.of();
  private List<ReferenceTrouble> referenceTroubles = List.of();
  private Optional<GeoDatabase.Trouble> geoTrouble = Optional.empty();
  private Optional<PersistentVolumeClaim> claim = Optional.empty();
  private Optional<String> growthRefused = Optional.empty();
  private Optional<StatefulSet> statefulSet = Optional.empty();
  private Optional<Pod> pod = Optional.empty();
  private Optional<Trouble> settingsTrouble = Optional.empty();
  private Map<Verb, Run> runs = Map.of();
  private Optional<Figures> figures = Optional.empty();
  private List<String> conflicts = List.of();
  private Optional<Store> store = Optional.empty();
  private Optional<Run> restore = Optional.empty();

  Seen policy(PolicyInForce inForce) {
    policy = inForce;
    return this;
  }

  Seen problem(SiteProblem found) {
    problem = Optional.of(found);
    return this;
  }

  Seen errors(List<String> sentences) {
    errors = sentences;
    return this;
  }

  Seen referenceTrouble(ReferenceTrouble trouble) {
    referenceTroubles = List.of(trouble);
    return this;
  }

  Seen geoTrouble(Optional<GeoDatabase.Trouble> trouble) {
    geoTrouble = trouble;
    return this;
  }

  Seen claim(PersistentVolumeClaim there) {
    claim = Optional.of(there);
    return this;
  }

  Seen growthRefused(Optional<String> why) {
    growthRefused = why;
    return this;
  }

  Seen statefulSet(Optional<StatefulSet> there) {
    statefulSet = there;
    return this;
  }

  Seen pod(Pod there) {
    pod = Optional.of(there);
    return this;
  }

  Seen settingsTrouble(Optional<Trouble> trouble) {
    settingsTrouble = trouble;
    return this;
  }

  Seen run(Verb verb, Run run) {
    runs = Map.of(verb, run);
    return this;
  }

  Seen figures(Figures read) {
    figures = Optional.of(read);
    return this;
  }

  Seen conflicts(String... sentences) {
    conflicts = List.of(sentences);
    return this;
  }

  Seen store(Store said) {
    store = Optional.of(said);
    return this;
  }

  Seen restore(Run run) {
    restore = Optional.of(run);
    return this;
  }

  Observed observed() {
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
        settingsTrouble,
        runs,
        figures,
        conflicts,
        store,
        restore);
  }
}

package dev.eider.operator.site;

import dev.eider.api.v1alpha1.Condition;
import dev.eider.operator.site.RuntimeAdmin.Store;
import dev.eider.operator.status.ConditionType;
import dev.eider.operator.status.Conditions;
import dev.eider.operator.status.Reason;
import java.util.List;

/** Whether the object stores and the database that a lake lies on answer: ObjectStoreReachable. */
final class StoreState {

  private final SitePlan plan;
  private final Observed observed;
  private final List<Condition> previous;

  StoreState(SitePlan plan, Observed observed, List<Condition> previous) {
    this.plan = plan;
    this.observed = observed;
    this.previous = previous;
  }

  /** States it. What the runtime said last holds until it says something else. */
  void state(Conditions conditions) {
    if (observed.store().isEmpty()) {
      Conditions.find(previous, ConditionType.ObjectStoreReachable)
          .ifPresentOrElse(
              conditions::again,
              () ->
                  conditions.unknown(
                      ConditionType.ObjectStoreReachable,
                      Reason.NotAskedYet,
                      "the runtime has not said yet whether %s".formatted(answers())));
      return;
    }
    Store store = observed.store().get();
    if (!store.data().equals(plan.dataPlace()) || !store.catalog().equals(plan.catalogPlace())) {
      conditions.no(ConditionType.ObjectStoreReachable, Reason.StoredElsewhere, elsewhere(store));
    } else if (store.reachable()) {
      conditions.yes(ConditionType.ObjectStoreReachable, Reason.StoreAnswers, answers());
    } else {
      conditions.no(
          ConditionType.ObjectStoreReachable,
          Reason.StoreUnreachable,
          "events are accepted and kept, but what the lake lies on (%s) does not answer%s"
              .formatted(places(), store.reason().isEmpty() ? "" : ": " + store.reason()));
    }
  }

  private String answers() {
    return places() + (plan.elsewhere().size() == 1 ? " answers" : " answer");
  }

  private String places() {
    return String.join(" and ", plan.elsewhere());
  }

  private String elsewhere(Store store) {
    String wanted =
        "the lake is to lie at %s with its catalog in %s"
            .formatted(plan.dataPlace(), catalogName(plan.catalogPlace()));
    return store.data().isEmpty()
        ? "%s, but the runtime does not say where it lies: image %s may be too old for it; use a newer one"
            .formatted(wanted, plan.image())
        : "%s, but the runtime keeps it at %s with its catalog in %s: use an image that can do what the spec says (it runs %s)"
            .formatted(wanted, store.data(), catalogName(store.catalog()), plan.image());
  }

  private static String catalogName(String catalog) {
    return catalog.equals("postgres") ? "PostgreSQL" : "a file on the volume";
  }
}

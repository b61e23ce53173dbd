package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import java.util.Optional;

/** Made once for what is to be restored, and anew when that is said otherwise. */
final class RestoreJobChild extends Child<Job> {

  private final Planner planner;

  RestoreJobChild(Planner planner) {
    super(
        Job.class,
        "restore-job",
        planner,
        Names::restoreJob,
        plan -> RestoreJob.desired(plan, plan.restoration().orElseThrow().source().orElseThrow()));
    this.planner = planner;
  }

  @Override
  public ReconcileResult<Job> reconcile(AnalyticsSite site, Context<AnalyticsSite> context) {
    SitePlan plan = planner.plan(site, context);
    Optional<Restoration.Source> source = plan.restoration().flatMap(Restoration::source);
    if (source.isEmpty()
        || plan.runtime().stoppedNow()
        || !ReferenceLookup.troubles(plan, context).isEmpty()) {
      return ReconcileResult.noOperation(null);
    }
    Optional<Job> there = getSecondaryResource(site, context);
    if (there.isEmpty()) {
      return super.reconcile(site, context);
    }
    Job job = there.get();
    boolean same =
        RestoreJob.isOf(job, site)
            && RestoreJob.digest(plan, source.get())
                .equals(
                    Optional.ofNullable(job.getMetadata().getAnnotations())
                        .map(all -> all.get(RestoreJob.SOURCE_ANNOTATION))
                        .orElse(""));
    if (!same && job.getMetadata().getDeletionTimestamp() == null) {
      // The next pass, which its end wakes, makes the one that is wanted.
      context
          .getClient()
          .resource(job)
          .withPropagationPolicy(DeletionPropagation.FOREGROUND)
          .delete();
    }
    return ReconcileResult.noOperation(job);
  }
}

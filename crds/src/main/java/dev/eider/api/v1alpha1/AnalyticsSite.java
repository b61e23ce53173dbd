package dev.eider.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One website: what is measured, and on which runtime. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("AnalyticsSite")
@Singular("analyticssite")
@Plural("analyticssites")
@ShortNames("asite")
@ValidationRule(
    value =
        "size(self.metadata.name) <= 40 &&"
            + " self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "choose a name of at most 40 lower-case letters, digits and dashes that starts with a"
            + " letter: Services, pods and CronJobs are named after it")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type=='Ready')].reason")
@AdditionalPrinterColumn(name = "Runtime", jsonPath = ".status.runtime")
@AdditionalPrinterColumn(
    name = "Visitors-24h",
    jsonPath = ".status.visitors24h",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Stored", jsonPath = ".status.stored")
@AdditionalPrinterColumn(
    name = "Last-Backup",
    jsonPath = ".status.backup.lastSuccess",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class AnalyticsSite extends CustomResource<AnalyticsSiteSpec, AnalyticsSiteStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Override
  @Required
  public AnalyticsSiteSpec getSpec() {
    return super.getSpec();
  }
}

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

/** One backup of a site: made by its schedule, or now by whoever creates one. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("AnalyticsBackup")
@Singular("analyticsbackup")
@Plural("analyticsbackups")
@ShortNames("abackup")
@ValidationRule(
    value = "size(self.metadata.name) <= 63",
    message = "choose a name of at most 63 characters: the Job that does it has the same")
@AdditionalPrinterColumn(name = "Site", jsonPath = ".spec.siteRef.name")
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(name = "Backup-Id", jsonPath = ".status.backupId")
@AdditionalPrinterColumn(
    name = "Events",
    jsonPath = ".status.events",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.size")
@AdditionalPrinterColumn(name = "Verified", jsonPath = ".status.verified")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class AnalyticsBackup extends CustomResource<AnalyticsBackupSpec, AnalyticsBackupStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Override
  @Required
  public AnalyticsBackupSpec getSpec() {
    return super.getSpec();
  }
}

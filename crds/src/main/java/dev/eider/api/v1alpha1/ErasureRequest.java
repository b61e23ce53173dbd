package dev.eider.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Erases a person's events, or days, from sites and their backups; with a receipt. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("ErasureRequest")
@Singular("erasurerequest")
@Plural("erasurerequests")
@ShortNames("erasure")
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state")
@AdditionalPrinterColumn(
    name = "Events",
    jsonPath = ".status.events",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Due", jsonPath = ".status.due")
@AdditionalPrinterColumn(name = "Completed", jsonPath = ".status.completedAt")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class ErasureRequest extends CustomResource<ErasureRequestSpec, ErasureRequestStatus>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  @Override
  @Required
  public ErasureRequestSpec getSpec() {
    return super.getSpec();
  }
}

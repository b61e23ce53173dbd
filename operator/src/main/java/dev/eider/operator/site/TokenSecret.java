package dev.eider.operator.site;

import dev.eider.api.v1alpha1.AnalyticsSite;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Matcher;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.net.HttpURLConnection;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A Secret of random tokens: made once, completed when an entry is missing, otherwise left to
 * whoever wants to change it. One that outlives its site may also be brought along.
 */
final class TokenSecret extends KubernetesDependentResource<Secret, AnalyticsSite>
    implements Creator<Secret, AnalyticsSite>, Updater<Secret, AnalyticsSite> {

  private static final int TOKEN_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Planner planner;
  private final Function<String, String> objectName;
  private final List<String> entries;
  private final boolean outlivesSite;

  private TokenSecret(
      String name,
      Planner planner,
      Function<String, String> objectName,
      List<String> entries,
      boolean outlivesSite) {
    super(Secret.class, name);
    this.planner = planner;
    this.objectName = objectName;
    this.entries = entries;
    this.outlivesSite = outlivesSite;
  }

  /** The token of the runtime's admin API; goes with the site. */
  static TokenSecret admin(Planner planner) {
    return new TokenSecret("admin-secret", planner, Names::adminSecret, List.of("token"), false);
  }

  /** The keys that people use; they stay with the data. */
  static TokenSecret keys(Planner planner) {
    return new TokenSecret(
        "keys-secret", planner, Names::keysSecret, List.of("ingest", "stats"), true);
  }

  /**
   * What seals the key of erasures beside the backups. It stays with the data: else nobody could
   * tell who must not come back with a backup that outlived both.
   */
  static TokenSecret erasure(Planner planner) {
    return new TokenSecret(
        "erasure-secret", planner, Names::erasureSecret, List.of(ErasureSeal.ENTRY), true);
  }

  @Override
  protected Secret desired(AnalyticsSite site, Context<AnalyticsSite> context) {
    SitePlan plan = planner.plan(site, context);
    Map<String, String> data = new LinkedHashMap<>();
    entries.forEach(entry -> data.put(entry, token()));
    return new SecretBuilder()
        .withMetadata(plan.metadata(objectName.apply(plan.name()), Names.RUNTIME))
        .editMetadata()
        .withOwnerReferences(outlivesSite ? VolumeClaim.owners(site) : List.of())
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }

  @Override
  public Secret create(Secret desired, AnalyticsSite site, Context<AnalyticsSite> context) {
    Secret made = owned(desired, site);
    try {
      return context.getClient().resource(made).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || !outlivesSite) {
        throw e;
      }
      Secret there = context.getClient().resource(made).get();
      return context.getClient().resource(adopted(there, made).orElseThrow(() -> e)).update();
    }
  }

  /**
   * One that a person brought along without our labels, as to another cluster, with what it needs;
   * empty where it is something else that has the same name.
   */
  static Optional<Secret> adopted(Secret there, Secret desired) {
    return data(there).keySet().equals(data(desired).keySet())
        ? Optional.of(
            new SecretBuilder(there)
                .editMetadata()
                .addToLabels(desired.getMetadata().getLabels())
                .withOwnerReferences(desired.getMetadata().getOwnerReferences())
                .endMetadata()
                .build())
        : Optional.empty();
  }

  @Override
  public Matcher.Result<Secret> match(
      Secret actual, AnalyticsSite site, Context<AnalyticsSite> context) {
    Secret desired = owned(desired(site, context), site);
    return Matcher.Result.computed(
        data(actual).keySet().containsAll(entries)
            && actual
                .getMetadata()
                .getOwnerReferences()
                .equals(desired.getMetadata().getOwnerReferences()),
        desired);
  }

  @Override
  public Secret update(
      Secret actual, Secret desired, AnalyticsSite site, Context<AnalyticsSite> context) {
    Map<String, String> data = new LinkedHashMap<>(desired.getData());
    data.putAll(data(actual));
    return context
        .getClient()
        .resource(
            new SecretBuilder(actual)
                .editMetadata()
                .withOwnerReferences(desired.getMetadata().getOwnerReferences())
                .endMetadata()
                .withData(data)
                .build())
        .update();
  }

  @Override
  protected ResourceID targetSecondaryResourceID(
      AnalyticsSite site, Context<AnalyticsSite> context) {
    return Names.id(objectName.apply(site.getMetadata().getName()), site);
  }

  private Secret owned(Secret secret, AnalyticsSite site) {
    if (!outlivesSite) {
      secret.addOwnerReference(site);
    }
    return secret;
  }

  private static Map<String, String> data(Secret secret) {
    return Optional.ofNullable(secret.getData()).orElse(Map.of());
  }

  /** As a Secret holds it: base64 of the text. */
  private static String token() {
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(random);
    return Base64.getEncoder().encodeToString(text);
  }
}

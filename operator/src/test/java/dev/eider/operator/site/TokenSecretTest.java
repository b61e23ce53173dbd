package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class TokenSecretTest {

  private static final Secret DESIRED =
      secret(
          "metadata: {name: blog-erasure, namespace: web, labels: {eider.dev/site: blog}}\n"
              + "data: {key: b3Vycw==}");

  /** To another cluster, by hand. */
  @Test
  void oneThatWasBroughtAlongIsLabelledAndKeepsWhatItHolds() {
    Secret brought =
        secret(
            "metadata: {name: blog-erasure, namespace: web, resourceVersion: '7', labels: {team:"
                + " web}}\ndata: {key: dGhlaXJz}");
    assertThat(TokenSecret.adopted(brought, DESIRED))
        .contains(
            secret(
                "metadata: {name: blog-erasure, namespace: web, resourceVersion: '7', labels:"
                    + " {team: web, eider.dev/site: blog}}\ndata: {key: dGhlaXJz}"));
  }

  @Test
  void anotherThingOfTheSameNameIsLeftAlone() {
    assertThat(
            TokenSecret.adopted(
                secret("metadata: {name: blog-erasure}\ndata: {key: YQ==, more: YQ==}"), DESIRED))
        .isEmpty();
    assertThat(TokenSecret.adopted(secret("metadata: {name: blog-erasure}"), DESIRED)).isEmpty();
  }

  private static Secret secret(String yaml) {
    return Serialization.unmarshal("apiVersion: v1\nkind: Secret\n" + yaml, Secret.class);
  }
}

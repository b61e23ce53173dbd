package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretRefTest {

  private static final List<SecretRef> ALL =
      SecretRef.of(
          Plans.of(
              "{domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes,"
                  + " credentialsSecretRef: {name: keys}, caSecretRef: {name: ca, key: root.pem}}},"
                  + " catalog: {postgres: {secretRef: {name: db}}}}}"));

  @Test
  void aSiteNamesAsManyAsItSays() {
    assertThat(ALL).extracting(SecretRef::name).containsExactly("keys", "ca", "db");
    assertThat(SecretRef.of(Plans.of("{domains: [a.example.com], runtime: {}}"))).isEmpty();
    assertThat(
            SecretRef.of(
                Plans.of(
                    "{domains: [a.example.com], runtime: {storage: {tier: {s3: {bucket: older,"
                        + " credentialsSecretRef: {name: keys}}}}}}")))
        .extracting(SecretRef::field)
        .containsExactly("spec.runtime.storage.tier.s3.credentialsSecretRef");
    assertThat(
            SecretRef.of(
                Plans.of("{domains: [a.example.com], runtime: {storage: {s3: {bucket: lakes}}}}")))
        .as("the SDK finds credentials by itself")
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY                   | true
          0 | AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN | true
          0 | AWS_ACCESS_KEY_ID                                         | false
          0 | accessKey secretKey                                       | false
          1 | root.pem                                                  | true
          1 | ca.crt                                                    | false
          2 | uri                                                       | true
          2 | host dbname user password                                 | true
          2 | host port dbname username password pgpass jdbc-uri        | true
          2 | host port dbname username                                 | false
          2 | jdbc-uri                                                  | false
          """)
  void mustHoldWhatItsPodReads(int which, String keys, boolean enough) {
    assertThat(ALL.get(which).trouble(Optional.of(secret(keys, "c2VjcmV0"))).isEmpty())
        .isEqualTo(enough);
  }

  @Test
  void saysWhichAndWhatItNeedsAndNothingOfWhatIsInIt() {
    assertThat(ALL.getFirst().trouble(Optional.empty()))
        .contains(
            new ReferenceTrouble(
                Reason.SecretNotFound,
                "spec.runtime.storage.s3.credentialsSecretRef: there is no Secret keys in this"
                    + " namespace: create it with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and"
                    + " AWS_SESSION_TOKEN with temporary keys)"));
    assertThat(ALL.getLast().trouble(Optional.of(secret("password", "aHVudGVyMg=="))))
        .contains(
            new ReferenceTrouble(
                Reason.SecretIncomplete,
                "spec.runtime.catalog.postgres.secretRef: the Secret db does not hold what it must:"
                    + " give it uri, or host, dbname, user (or username) and password (and port, if"
                    + " it is not 5432)"));
    assertThat(ALL.get(1).unreadable("forbidden"))
        .isEqualTo(
            new ReferenceTrouble(
                Reason.SecretUnreadable,
                "spec.runtime.storage.s3.caSecretRef: the Secret ca cannot be read: forbidden"));
  }

  @Test
  void anEmptyEntryIsNone() {
    assertThat(ALL.getLast().trouble(Optional.of(secret("uri", "")))).isPresent();
    assertThat(ALL.getLast().trouble(Optional.of(new Secret()))).isPresent();
  }

  private static Secret secret(String keys, String value) {
    Map<String, String> data =
        Arrays.stream(keys.split(" ")).collect(Collectors.toMap(key -> key, key -> value));
    return new SecretBuilder().withData(data).build();
  }
}

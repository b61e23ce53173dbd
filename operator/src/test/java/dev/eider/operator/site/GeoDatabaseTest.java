package dev.eider.operator.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.operator.site.GeoDatabase.Trouble;
import dev.eider.operator.status.Reason;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A geo database of somebody else's: how the pod gets it, and what is said when it is not there.
 */
class GeoDatabaseTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {databaseSecretRef: {name: places}}                   | /etc/eider/geo           | {name: geo, secret: {secretName: places, defaultMode: 288, optional: true}}
          {databaseSecretRef: {name: places, key: city}}        | /etc/eider/geo           | {name: geo, secret: {secretName: places, defaultMode: 288, optional: true, items: [{key: city, path: database.mmdb}]}}
          {configMapRef: {name: places}}                        | /etc/eider/geo           | {name: geo, configMap: {name: places, defaultMode: 288, optional: true}}
          {configMapRef: {name: places, key: a.mmdb}}           | /etc/eider/geo           | {name: geo, configMap: {name: places, defaultMode: 288, optional: true, items: [{key: a.mmdb, path: database.mmdb}]}}
          {volumeClaim: {claimName: places}}                    | /etc/eider/geo           | {name: geo, persistentVolumeClaim: {claimName: places, readOnly: true}}
          {volumeClaim: {claimName: places, path: db/x.mmdb}}   | /etc/eider/geo/db/x.mmdb | {name: geo, persistentVolumeClaim: {claimName: places, readOnly: true}}
          """)
  void isMountedToBeRead(String geo, String path, String volume) {
    PodSpec pod = SiteStatefulSet.desired(plan(geo)).getSpec().getTemplate().getSpec();
    Container container = pod.getContainers().getFirst();

    assertThat(container.getEnv()).last().isEqualTo(PodParts.env("EIDER_GEO", path));
    assertThat(container.getVolumeMounts())
        .last()
        .isEqualTo(PodParts.mount("geo", "/etc/eider/geo", true));
    assertThat(pod.getVolumes())
        .last()
        .isEqualTo(Serialization.unmarshal("---\n" + volume, Volume.class));
  }

  @Test
  void aPodWithoutOneIsAsItAlwaysWas() {
    assertThat(GeoDatabase.of(Plans.of("{domains: [blog.example.com], runtime: {}}"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {databaseSecretRef: {name: places}}            | GeoLite2-City.mmdb | true
          {databaseSecretRef: {name: places}}            | city               | false
          {databaseSecretRef: {name: places, key: city}} | city               | true
          {configMapRef: {name: places, key: city}}      | GeoLite2-City.mmdb | false
          {volumeClaim: {claimName: places, path: x}}    | anything           | true
          """)
  void mustHoldADatabase(String geo, String entry, boolean enough) {
    assertThat(database(geo).trouble(Optional.of(Set.of(entry))).isEmpty()).isEqualTo(enough);
  }

  @Test
  void saysWhatIsMissingAndWhatHoldsUntilItIsThere() {
    assertThat(database("{databaseSecretRef: {name: places}}").trouble(Optional.of(Set.of())))
        .contains(
            new Trouble(
                Reason.GeoDatabaseIncomplete,
                "spec.runtime.geo.databaseSecretRef: the Secret places has no entry whose name ends"
                    + " in .mmdb: give it a database in MaxMind's format under such a name; until"
                    + " then the country database that comes with Eider is used",
                false));
    assertThat(database("{volumeClaim: {claimName: places}}").trouble(Optional.empty()))
        .contains(
            new Trouble(
                Reason.GeoDatabaseNotFound,
                "spec.runtime.geo.volumeClaim: there is no PersistentVolumeClaim places in this"
                    + " namespace: create it; until then no pod is made, and one that serves stays"
                    + " as it is",
                true));
    assertThat(database("{configMapRef: {name: places}}").unreadable("forbidden"))
        .isEqualTo(
            new Trouble(
                Reason.GeoDatabaseUnreadable,
                "spec.runtime.geo.configMapRef: the ConfigMap places cannot be read: forbidden;"
                    + " until then the country database that comes with Eider is used",
                false));
  }

  private static GeoDatabase database(String geo) {
    return GeoDatabase.of(plan(geo)).orElseThrow();
  }

  private static SitePlan plan(String geo) {
    return Plans.of("{domains: [blog.example.com], runtime: {geo: %s}}".formatted(geo));
  }
}

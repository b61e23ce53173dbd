package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Languages, screens and client hints. */
class SmallThingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en                        | en",
        "en-US,en;q=0.9            | en-US",
        "de-DE                     | de-DE",
        "de_de                     | de-DE",
        "EN-gb;q=0.8,fr            | en-GB",
        "zh-hant-tw                | zh-Hant-TW",
        "zh-Hans-CN,zh;q=0.5       | zh-Hans-CN",
        "es-419                    | es-419",
        "sr-latn-rs                | sr-Latn-RS",
        "de-CH-1996                | de-CH-1996",
        "*                         | ''",
        "''                        | ''",
        ",de                       | ''",
        "x                         | ''",
        "en--US                    | ''",
        "en US                     | ''",
        "<script>                  | ''",
        "deutsch-sprachig-irgendwo-und-so-weiter | ''",
      })
  void languages(String text, String tag) {
    assertThat(Language.of(text)).isEqualTo(tag);
  }

  @Property(tries = 500)
  void aLanguageIsATagOrNothing(@ForAll String text) {
    String tag = Language.of(text);
    assertThat(tag).hasSizeLessThanOrEqualTo(Language.MAX_LENGTH).matches("|[A-Za-z0-9-]{2,}");
    assertThat(Language.of(tag)).isEqualTo(tag);
  }

  private static ClientHints hints(Map<String, String> headers) {
    return ClientHints.of(name -> headers.getOrDefault(name, ""));
  }

  private static final Agent REDUCED =
      new Agent("Chrome", "141.0", "Android", "10", "mobile", "", "", "");
  private static final Agent WINDOWS =
      new Agent("Chrome", "141.0", "Windows", "10", "desktop", "", "", "");

  @Test
  void hintsSayWhatReducedAgentsHide() {
    assertThat(
            hints(
                    Map.of(
                        "sec-ch-ua", "\"Google Chrome\";v=\"141\", \"Chromium\";v=\"141\"",
                        "sec-ch-ua-platform", "\"Android\"",
                        "sec-ch-ua-platform-version", "\"15.0.0\"",
                        "sec-ch-ua-model", "\"Pixel 9 Pro\""))
                .refine(REDUCED))
        .isEqualTo(
            new Agent("Chrome", "141.0", "Android", "15", "mobile", "Google", "Pixel 9 Pro", ""));
    assertThat(
            hints(
                    Map.of(
                        "sec-ch-ua", "\"Brave\";v=\"141\", \"Chromium\";v=\"141\"",
                        "sec-ch-ua-platform", "\"Windows\"",
                        "sec-ch-ua-platform-version", "\"15.0.0\""))
                .refine(WINDOWS))
        .isEqualTo(new Agent("Brave", "141.0", "Windows", "11", "desktop", "", "", ""));
    assertThat(
            hints(
                    Map.of(
                        "sec-ch-ua-platform", "\"Windows\"",
                        "sec-ch-ua-platform-version", "\"10.0.0\""))
                .refine(WINDOWS))
        .isEqualTo(WINDOWS);
  }

  @Test
  void hintsThatAreNoneChangeNothing() {
    assertThat(hints(Map.of())).isSameAs(ClientHints.NONE);
    assertThat(ClientHints.NONE.refine(REDUCED)).isSameAs(REDUCED);
    assertThat(
            hints(
                    Map.of(
                        "sec-ch-ua-platform", "Android",
                        "sec-ch-ua-platform-version", "15",
                        "sec-ch-ua-model", "\"<script>\u0007\""))
                .refine(REDUCED))
        .isEqualTo(REDUCED);
    assertThat(hints(Map.of("sec-ch-ua-platform", "\"Linux\"")).refine(REDUCED)).isEqualTo(REDUCED);
  }

  @Property(tries = 500)
  void anyHintsAreRead(@ForAll String platform, @ForAll String version, @ForAll String model) {
    Agent refined =
        hints(
                Map.of(
                    "sec-ch-ua-platform", platform,
                    "sec-ch-ua-platform-version", version,
                    "sec-ch-ua-model", model))
            .refine(REDUCED);
    assertThat(refined.botRule()).isEmpty();
  }
}

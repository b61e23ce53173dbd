package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CollectSettingsTest {

  @Test
  void theRateOfAnAddressIsReadFromAFlag() {
    assertThat(CollectSettings.addressRate("20/60")).contains(new RateLimit(20, 60));
    assertThat(CollectSettings.addressRate("20")).contains(new RateLimit(20, 80));
    assertThat(CollectSettings.addressRate("0")).isEmpty();
    assertThatThrownBy(() -> CollectSettings.addressRate("fast"))
        .hasMessage(
            "the rate of an address is 'fast'; write events a second and perhaps the burst, such as"
                + " 100/500, or 0 for no limit");
    assertThatThrownBy(() -> CollectSettings.addressRate("20/10"))
        .hasMessage("burst is 10; it must be between 20 and 10000000");
  }
}

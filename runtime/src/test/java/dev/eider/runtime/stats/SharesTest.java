package dev.eider.runtime.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharesTest {

  private final Shares shares = new Shares(2);

  @Test
  void whoHasTakenAllOfItsShareLeavesTheOthersTheirs() {
    String said =
        shares.take(
            "blog",
            () ->
                shares.take(
                    "blog",
                    () -> {
                      assertThatThrownBy(() -> shares.take("blog", () -> "never"))
                          .isInstanceOf(TooBusy.class)
                          .hasMessage(
                              "2 that blog has asked are being answered already; ask again later");
                      return shares.take("shop", () -> "answered");
                    }));
    assertThat(said).isEqualTo("answered");
    assertThat(shares.<String>take("blog", () -> "again")).isEqualTo("again");
  }

  @Test
  void whatFailsTakesNothing() {
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(
              () ->
                  shares.take(
                      "blog",
                      () -> {
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
    }
  }
}

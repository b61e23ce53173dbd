package dev.eider.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A tally that sees nothing would make every test of it pass. */
class TallyTest {

  @Test
  void whatIsUnsureMayBeThereOrNot() {
    assertThat(Tally.of(Set.of("/a"), Set.of("/b", "/c"), Map.of("/a", 1L, "/b", 1L)).isRight())
        .isTrue();
  }

  @Test
  void seesWhatIsLostDoubledOrInvented() {
    Tally tally =
        Tally.of(Set.of("/a", "/lost"), Set.of("/b"), Map.of("/a", 2L, "/b", 2L, "/invented", 1L));
    assertThat(tally.lost()).containsExactly("/lost");
    assertThat(tally.doubled()).containsExactly("/a × 2", "/b × 2");
    assertThat(tally.invented()).containsExactly("/invented");
    assertThat(tally.isRight()).isFalse();
  }
}

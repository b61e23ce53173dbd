package dev.eider.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "/blog/*, /blog/hello, true",
    "/blog/*, /blog/, true",
    "/blog/*, /blog/2026/hello, false",
    "/blog/**, /blog/2026/hello, true",
    "/blog/**, /blog, false",
    "/**/edit, /a/b/edit, true",
    "*, hello, true",
    "/a.b, /axb, false",
    "/a(b)+?[c]$, /a(b)+?[c]$, true",
    "/Blog, /blog, false",
    "/straße-*, /straße-1, true",
  })
  void matches(String pattern, String path, boolean expected) {
    assertThat(Glob.of(pattern).compiled().matcher(path).matches()).isEqualTo(expected);
  }

  @Property
  void whatHasNoStarMatchesItselfOnly(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 30) String rest) {
    Glob glob = Glob.of("/" + rest.replace("*", "").strip());
    Pattern compiled = glob.compiled();

    assertThat(glob.isLiteral()).isTrue();
    assertThat(compiled.matcher(glob.pattern()).matches()).isTrue();
    assertThat(compiled.matcher(glob.pattern() + "x").matches()).isFalse();
  }
}

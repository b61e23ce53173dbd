package dev.eider.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eider.runtime.event.Event;
import dev.eider.runtime.lake.ErasureSubject;
import dev.eider.runtime.lake.Lake;
import dev.eider.runtime.lake.RetainPlan;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers over the first day that retention has left, when something of that day comes late or is
 * erased: as if nothing had been removed.
 */
class SeveredAnswersTest {

  private static final LocalDate KEPT_FROM = SameAnswerTest.FIRST.plusDays(1);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {2, 17, 27})
  void areAsIfNothingHadBeenRemoved(long seed) throws Exception {
    List<Event> all = SameAnswerTest.events(new Random(seed));
    // Whoever was not there on the day before has no visit that began on it; and nobody's of the
    // day goes on over its end, since what is late does not join what is settled of the day after.
    Set<String> before =
        all.stream()
            .filter(
                event ->
                    event.date().isBefore(KEPT_FROM)
                        || event.date().isAfter(KEPT_FROM)
                            && !event.visitor().previousDayId().isEmpty())
            .map(SeveredAnswersTest::person)
            .collect(Collectors.toSet());
    List<String> others =
        all.stream()
            .filter(event -> event.date().equals(KEPT_FROM))
            .map(SeveredAnswersTest::person)
            .filter(person -> !before.contains(person))
            .distinct()
            .sorted()
            .toList();
    assertThat(others).as("people for this seed").hasSizeGreaterThanOrEqualTo(2);
    String late = others.getFirst();
    String erased = others.getLast();

    List<Event> inTime = new ArrayList<>(all);
    inTime.removeIf(event -> person(event).equals(late) && event.date().equals(KEPT_FROM));
    List<Event> afterwards = new ArrayList<>(all);
    afterwards.removeAll(inTime);
    assertThat(afterwards).isNotEmpty();

    try (Lake lake = RolledAnswersTest.open(folder.resolve("lake"), 1)) {
      lake.accept(SameAnswerTest.numbered(1, inTime));
      lake.flush();
      lake.compact(step -> {});
      lake.retain(plan(), step -> {});
      assertThat(answers(lake)).as("after retention").isEqualTo(whole(inTime, "in time"));
      assertThat(cutAt(lake, KEPT_FROM, 1)).as("from sums").isEmpty();
      assertThat(cutAt(lake, KEPT_FROM, 2)).as("from rows").isEqualTo(KEPT_FROM.toString());
      assertThat(cutAt(lake, KEPT_FROM.plusDays(1), 2)).as("of later days").isEmpty();

      lake.accept(SameAnswerTest.numbered(inTime.size() + 1L, afterwards));
      lake.flush();
      lake.compact(step -> {});
      assertThat(answers(lake)).as("after what came late").isEqualTo(whole(all, "all"));

      Set<String> ids =
          all.stream()
              .filter(event -> person(event).equals(erased))
              .map(event -> event.visitor().id())
              .collect(Collectors.toSet());
      lake.erase(subject(ids), false, step -> {});
      List<Event> left = new ArrayList<>(all);
      left.removeIf(event -> ids.contains(event.visitor().id()));
      assertThat(answers(lake)).as("after an erasure").isEqualTo(whole(left, "left"));

      // What began on the day before is part of sums alone, so of it nothing is left but the day's.
      lake.erase(subject(new HashSet<>(Set.of(someoneOverMidnight(all)))), false, step -> {});
      assertThat(answers(lake)).hasSize(2 * RolledAnswersTest.OF_DAYS.size());
      assertThat(lake.checkRollups(step -> {}).differences()).isEmpty();
    }
  }

  /** What an answer by so many dimensions says of visits that are cut. */
  private static String cutAt(Lake lake, LocalDate from, int dimensions) {
    return RolledAnswersTest.answer(
            lake,
            "\"metrics\":[\"visits\"],\"dimensions\":[%s]"
                .formatted(
                    dimensions == 1 ? "\"visit:source\"" : "\"visit:source\",\"visit:entry_page\""),
            true,
            from,
            SameAnswerTest.FIRST.plusDays(3))
        .at("/meta/visits_cut_at")
        .asText();
  }

  private static String person(Event event) {
    return event.visitor().id().substring(0, event.visitor().id().indexOf('@'));
  }

  private static String someoneOverMidnight(List<Event> all) {
    return all.stream()
        .filter(event -> event.date().equals(KEPT_FROM))
        .filter(event -> !event.visitor().previousDayId().isEmpty())
        .findFirst()
        .orElseThrow()
        .visitor()
        .id();
  }

  private static ErasureSubject subject(Set<String> visitorIds) {
    return new ErasureSubject(
        List.of(new ErasureSubject.Site(SameAnswerTest.SITE, OptionalInt.empty())),
        visitorIds,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty());
  }

  private static RetainPlan plan() {
    return new RetainPlan(
        List.of(
            new RetainPlan.Site(
                SameAnswerTest.SITE,
                KEPT_FROM,
                KEPT_FROM,
                Optional.empty(),
                Optional.empty(),
                100,
                false,
                Optional.empty())),
        false);
  }

  /** Of all days, and of the first that is kept alone. */
  private static List<String> answers(Lake lake) {
    return answers(lake, true);
  }

  private static List<String> answers(Lake lake, boolean rolled) {
    List<String> answers = new ArrayList<>();
    for (LocalDate[] range :
        new LocalDate[][] {
          {SameAnswerTest.FIRST, SameAnswerTest.FIRST.plusDays(3)}, {KEPT_FROM, KEPT_FROM}
        }) {
      answers.addAll(
          RolledAnswersTest.results(
              RolledAnswersTest.answers(
                  lake, RolledAnswersTest.OF_DAYS, rolled, range[0], range[1])));
    }
    return answers;
  }

  /** Answers of a lake from which nothing was removed. */
  private List<String> whole(List<Event> events, String name) throws Exception {
    try (Lake lake = RolledAnswersTest.open(folder.resolve(name), 1)) {
      lake.accept(SameAnswerTest.numbered(1, events));
      lake.flush();
      lake.settle(step -> {});
      return answers(lake, false);
    }
  }
}

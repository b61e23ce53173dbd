package dev.eider.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** A room knows only rooms to its left; wiring is the composition root's. */
@AnalyzeClasses(
    packages = "dev.eider.runtime",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class RoomsTest {

  private static final List<String> ROOMS =
      List.of(
          "event", "disk", "config", "store", "state", "access", "audit", "job", "collect",
          "journal", "lake", "backup", "archive", "erasure", "stats", "sql", "web", "command");

  @ArchTest static final ArchRule EVENT = knowsOnlyRoomsToItsLeft("event");
  @ArchTest static final ArchRule DISK = knowsOnlyRoomsToItsLeft("disk");
  @ArchTest static final ArchRule CONFIG = knowsOnlyRoomsToItsLeft("config");
  @ArchTest static final ArchRule STORE = knowsOnlyRoomsToItsLeft("store");
  @ArchTest static final ArchRule STATE = knowsOnlyRoomsToItsLeft("state");
  @ArchTest static final ArchRule ACCESS = knowsOnlyRoomsToItsLeft("access");
  @ArchTest static final ArchRule AUDIT = knowsOnlyRoomsToItsLeft("audit");
  @ArchTest static final ArchRule JOB = knowsOnlyRoomsToItsLeft("job");
  @ArchTest static final ArchRule COLLECT = knowsOnlyRoomsToItsLeft("collect");
  @ArchTest static final ArchRule JOURNAL = knowsOnlyRoomsToItsLeft("journal");
  @ArchTest static final ArchRule LAKE = knowsOnlyRoomsToItsLeft("lake");
  @ArchTest static final ArchRule BACKUP = knowsOnlyRoomsToItsLeft("backup");
  @ArchTest static final ArchRule ARCHIVE = knowsOnlyRoomsToItsLeft("archive");
  @ArchTest static final ArchRule ERASURE = knowsOnlyRoomsToItsLeft("erasure");
  @ArchTest static final ArchRule STATS = knowsOnlyRoomsToItsLeft("stats");
  @ArchTest static final ArchRule SQL = knowsOnlyRoomsToItsLeft("sql");
  @ArchTest static final ArchRule WEB = knowsOnlyRoomsToItsLeft("web");

  /** Only verbs and main start what the root puts together. */
  @ArchTest
  static final ArchRule ROOT =
      noClasses()
          .that()
          .resideInAnyPackage(packages(ROOMS.subList(0, ROOMS.indexOf("command"))))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.eider.runtime");

  @ArchTest
  static final ArchRule NO_CIRCLES =
      slices().matching("dev.eider.runtime.(*)..").should().beFreeOfCycles();

  private static ArchRule knowsOnlyRoomsToItsLeft(String room) {
    List<String> right = ROOMS.subList(ROOMS.indexOf(room) + 1, ROOMS.size());
    return noClasses()
        .that()
        .resideInAPackage("dev.eider.runtime." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(right));
  }

  private static String[] packages(List<String> rooms) {
    return rooms.stream().map(room -> "dev.eider.runtime." + room + "..").toArray(String[]::new);
  }
}

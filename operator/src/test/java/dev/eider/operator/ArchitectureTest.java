package dev.eider.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A package a kind; what kinds share knows of none of them. */
@AnalyzeClasses(
    packages = "dev.eider.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule IMPORTS_GO_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.eider.operator..")
          .layer("main")
          .definedBy("dev.eider.operator")
          .layer("site")
          .definedBy("..site..")
          .layer("backup")
          .definedBy("..backup..")
          .layer("erasure")
          .definedBy("..erasure..")
          .layer("retention")
          .definedBy("..retention..")
          .layer("events")
          .definedBy("..events..")
          .layer("status")
          .definedBy("..status..")
          .layer("schedule")
          .definedBy("..schedule..")
          .layer("config")
          .definedBy("..config..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("backup")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("erasure")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("site")
          .mayOnlyBeAccessedByLayers("main", "backup", "erasure")
          .whereLayer("retention")
          .mayOnlyBeAccessedByLayers("main", "site")
          .whereLayer("events")
          .mayOnlyBeAccessedByLayers("main", "backup", "erasure", "site", "retention")
          .whereLayer("status")
          .mayOnlyBeAccessedByLayers("backup", "erasure", "site", "retention", "events")
          .whereLayer("schedule")
          .mayOnlyBeAccessedByLayers("site", "retention")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("main", "site");

  @ArchTest
  static final ArchRule DESIRED_OBJECTS_ARE_MADE_WITHOUT_A_CLUSTER =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("Site")
          .and()
          .haveSimpleNameNotContaining("Reconciler")
          .and()
          .haveSimpleNameNotContaining("Objects")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8.kubernetes.client.dsl..", "io.javaoperatorsdk..");
}

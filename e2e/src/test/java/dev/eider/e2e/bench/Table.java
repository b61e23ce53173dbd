package dev.eider.e2e.bench;

import java.util.ArrayList;
import java.util.List;

/** Figures for people. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Runnable> figures = new ArrayList<>();

  void row(String name, String value, String more) {
    rows.add(List.of(name, value, more));
  }

  /** A figure that there is a bar for. */
  void bar(String name, String value, String bar, boolean reached) {
    row(name, value, bar + (reached ? "  reached" : "  MISSED"));
  }

  /** Keeps a figure for the end, where programs look for it. */
  void figure(String name, double value, String unit, double limit) {
    figures.add(() -> Figure.print(name, value, unit, value / limit, limit));
  }

  /** Prints those that were kept. */
  void figures() {
    figures.forEach(Runnable::run);
  }

  void print() {
    System.out.println();
    rows.forEach(row -> System.out.printf("%-34s %14s  %s%n", row.toArray()));
    System.out.println();
  }
}

package dev.eider.runtime.lake;

import dev.eider.runtime.lake.Walk.Sent;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/**
 * Random verbs against a plain model: after each, everything that can be counted is equal. A walk
 * that goes wrong is made as short as it can be in five minutes, printed with what came of each
 * step, and taken first the next time.
 *
 * <p>More of them by {@code -Djqwik.tries.default}, longer ones by {@code -Deider.walk.steps}, a
 * certain one by {@code @Property(seed = "…")}.
 */
class RandomWalkTest {

  /** A verb, which may throw anything. */
  @FunctionalInterface
  private interface Verb {
    void on(Walk walk) throws Exception;
  }

  @Property
  void everyStepAgreesWithTheModel(@ForAll("walks") ActionChain<Walk> chain) throws Exception {
    try {
      Walk walk = chain.run();
      walk.settle();
      walk.compact();
      walk.check();
    } finally {
      if (chain.finalState().isPresent()) {
        chain.finalState().get().close();
      }
    }
  }

  @Provide
  Arbitrary<ActionChain<Walk>> walks() {
    return ActionChain.startWith(Walk::begin)
        .withAction(35, accept())
        .withAction(17, step("flush", Walk::flush))
        .withAction(14, step("settle", Walk::settle))
        .withAction(7, step("compact", Walk::compact))
        .withAction(9, retain())
        .withAction(4, erase())
        .withAction(4, tier())
        .withAction(3, step("expire", Walk::expire))
        .withAction(6, openView())
        .withAction(4, step("restart", Walk::restart))
        .withAction(3, step("crash", Walk::crash))
        .withAction(3, damage())
        .withAction(2, step("lose the engine", Walk::loseEngine))
        .withMaxTransformations(Integer.getInteger("eider.walk.steps", 40));
  }

  private static Action.Independent<Walk> accept() {
    Arbitrary<List<Sent>> events =
        Arbitraries.randomValue(Sent::any)
            .list()
            .ofMinSize(1)
            .ofMaxSize(40)
            .withSizeDistribution(RandomDistribution.uniform());
    // Often around midnight, where visits go on under another id.
    Arbitrary<OptionalInt> beforeMidnight =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.just(OptionalInt.empty())),
            Tuple.of(1, Arbitraries.integers().between(0, 39).map(OptionalInt::of)));
    return () ->
        Combinators.combine(beforeMidnight, events)
            .as(
                (minutes, sent) ->
                    verb(
                        "accept%s %s"
                            .formatted(
                                minutes.isPresent()
                                    ? " %d minutes before midnight".formatted(minutes.getAsInt())
                                    : "",
                                sent),
                        walk -> walk.accept(minutes, sent)));
  }

  private static Action.Independent<Walk> retain() {
    return () ->
        Combinators.combine(
                Arbitraries.of(Walk.SITES),
                Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(0, 2))
            .as(
                (site, days, longer) ->
                    verb(
                        "retain %d days of %s, sessions %d longer".formatted(days, site, longer),
                        walk -> walk.retain(site, days, longer)));
  }

  private static Action.Independent<Walk> erase() {
    return () ->
        Combinators.combine(
                Arbitraries.of(Walk.SITES),
                Arbitraries.of(Walk.Whose.class),
                Arbitraries.integers().between(0, 29))
            .as(
                (site, whose, which) ->
                    verb(
                        "erase %s %d of %s".formatted(whose, which, site),
                        walk -> walk.erase(site, whose, which)));
  }

  private static Action.Independent<Walk> tier() {
    return () ->
        Combinators.combine(Arbitraries.of(Walk.SITES), Arbitraries.integers().between(0, 2))
            .as(
                (site, days) ->
                    verb(
                        "move days of %s but the last %d".formatted(site, days),
                        walk -> walk.tier(site, days)));
  }

  private static Action.Independent<Walk> openView() {
    return () ->
        Arbitraries.of(Walk.SITES)
            .map(site -> verb("open a view of " + site, walk -> walk.openView(site)));
  }

  private static Action.Independent<Walk> damage() {
    return () ->
        Combinators.combine(
                Arbitraries.of(Schema.EVENTS, Schema.RECENT, Schema.SESSIONS, Schema.MARKS),
                Arbitraries.integers().between(0, 1000))
            .as(
                (table, which) ->
                    verb(
                        "damage file %d of %s".formatted(which, table),
                        walk -> walk.damage(table, which)));
  }

  private static Action.Independent<Walk> step(String what, Verb verb) {
    return () -> Arbitraries.just(verb(what, verb));
  }

  private static Transformer<Walk> verb(String what, Verb verb) {
    return Transformer.mutate(
        what,
        walk -> {
          try {
            verb.on(walk);
            walk.check();
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new AssertionError(what + " failed: " + e, e);
          }
        });
  }
}

package dev.eider.runtime.server;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link FaultProxy} does to which calls: {@code Fault.answer(500).on(PUT).times(3)}.
 *
 * @param effect what happens
 * @param calls to which calls; a proxy that does not look into the protocol knows only {@link
 *     S3Call#CONNECTION}
 * @param skipped how many of these calls go through before
 * @param times how many of them are struck
 */
public record Fault(Effect effect, Set<S3Call> calls, int skipped, int times) {

  /** What happens. */
  public sealed interface Effect {}

  /** Nothing: bytes go through. */
  record Pass() implements Effect {}

  /** Nobody listens, and connections that are open are reset. */
  record Refuse() implements Effect {}

  /** Taken, and never answered: only so many bytes of the body go through. */
  record Hang(long afterBytes) implements Effect {}

  /** The connection is reset when so many bytes of the body went through. */
  record Cut(long afterBytes) implements Effect {}

  /** The connection is reset instead of bringing what has this text in it to the server. */
  record CutBefore(String text) implements Effect {}

  /** Answered by us, with an error of S3; the server never sees the call. */
  record Answer(int status, String code) implements Effect {}

  /** So many bytes a second go through. */
  record Slow(int bytesPerSecond) implements Effect {}

  /**
   * The server does it, and the connection is reset instead of bringing its answer.
   *
   * @param text strikes when the client sends this; for protocols that are not looked into
   */
  record LoseAnswer(String text) implements Effect {}

  public Fault {
    calls = Set.copyOf(calls);
  }

  private static Fault always(Effect effect) {
    return new Fault(effect, EnumSet.allOf(S3Call.class), 0, Integer.MAX_VALUE);
  }

  /** No fault. */
  public static Fault none() {
    return always(new Pass());
  }

  /** Connections are refused. */
  public static Fault refuse() {
    return always(new Refuse());
  }

  /** Calls are taken and never answered. */
  public static Fault hang() {
    return hangAfter(0);
  }

  /** As {@link #hang}, after so many bytes of the body. */
  public static Fault hangAfter(long bytes) {
    return always(new Hang(bytes));
  }

  /** Connections are reset after so many bytes of the body. */
  public static Fault cutAfter(long bytes) {
    return always(new Cut(bytes));
  }

  /** The connection is reset and the server never gets what has this text in it. */
  public static Fault cutBefore(String text) {
    return always(new CutBefore(text));
  }

  /** Calls are answered with an error, 500 InternalError or 503 SlowDown for instance. */
  public static Fault answer(int status, String code) {
    return always(new Answer(status, code));
  }

  /** Everything takes its time. */
  public static Fault slow(int bytesPerSecond) {
    return always(new Slow(bytesPerSecond));
  }

  /** The server does what it is asked and its answer is lost. */
  public static Fault loseAnswer() {
    return loseAnswerTo("");
  }

  /**
   * As {@link #loseAnswer}, for what the client sends with this text in it, COMMIT for instance.
   */
  public static Fault loseAnswerTo(String text) {
    return always(new LoseAnswer(text));
  }

  /** The same only for these calls. */
  public Fault on(S3Call first, S3Call... others) {
    return new Fault(effect, EnumSet.of(first, others), skipped, times);
  }

  /** The same only for these calls. */
  public Fault on(Set<S3Call> only) {
    return new Fault(effect, only, skipped, times);
  }

  /** The same, but the first so many go through. */
  public Fault skipping(int calls) {
    return new Fault(effect, this.calls, calls, times);
  }

  /** The same, so many times; then calls go through again. */
  public Fault times(int strikes) {
    return new Fault(effect, calls, skipped, strikes);
  }
}

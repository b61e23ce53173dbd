package dev.eider.runtime.collect;

/** A way out of the depths of a parser; costs no stack trace. */
final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  RejectedException(Rejection rejection) {
    super(rejection.reason(), null, false, false);
    this.rejection = rejection;
  }

  static RejectedException invalid(String field, String why) {
    return new RejectedException(Rejection.invalid(field, why));
  }

  Rejection rejection() {
    return rejection;
  }
}

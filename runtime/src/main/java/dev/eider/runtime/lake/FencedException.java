package dev.eider.runtime.lake;

/** Another process has taken the lake over: whatever this one still accepts is nobody's. */
public final class FencedException extends LakeException {

  private static final long serialVersionUID = 1;

  FencedException(String sentence) {
    super(sentence);
  }
}

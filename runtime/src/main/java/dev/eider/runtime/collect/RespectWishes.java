package dev.eider.runtime.collect;

import dev.eider.runtime.config.PrivacySettings;

/** Browsers that ask not to be tracked are not, where the site respects it. */
final class RespectWishes implements Step {

  @Override
  public Verdict take(Making event) {
    PrivacySettings privacy = event.site.privacy();
    if (privacy.respectDoNotTrack() && event.caller.asksNotToTrack()) {
      return DropReason.DO_NOT_TRACK;
    }
    return privacy.respectGlobalPrivacyControl() && event.caller.asksForPrivacy()
        ? DropReason.GLOBAL_PRIVACY_CONTROL
        : Verdict.PASS;
  }
}

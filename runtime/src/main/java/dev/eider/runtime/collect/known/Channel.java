package dev.eider.runtime.collect.known;

/** How a visitor came, in the words of Google Analytics 4 and Plausible. */
public enum Channel {
  /** A campaign that runs in several networks. */
  CROSS_NETWORK("Cross-network"),
  /** An advertisement in a shop or a comparison of prices. */
  PAID_SHOPPING("Paid Shopping"),
  /** An advertisement in a search engine. */
  PAID_SEARCH("Paid Search"),
  /** An advertisement in social media. */
  PAID_SOCIAL("Paid Social"),
  /** An advertisement with a video. */
  PAID_VIDEO("Paid Video"),
  /** A banner. */
  DISPLAY("Display"),
  /** Any other advertisement. */
  PAID_OTHER("Paid Other"),
  /** A link in a shop. */
  ORGANIC_SHOPPING("Organic Shopping"),
  /** A link in social media. */
  ORGANIC_SOCIAL("Organic Social"),
  /** A link at a video. */
  ORGANIC_VIDEO("Organic Video"),
  /** A link in what an assistant answered. */
  AI_ASSISTANTS("AI Assistants"),
  /** A result of a search engine. */
  ORGANIC_SEARCH("Organic Search"),
  /** A link in a letter. */
  EMAIL("Email"),
  /** A link that somebody is paid for by sales. */
  AFFILIATES("Affiliates"),
  /** Something heard. */
  AUDIO("Audio"),
  /** A text message. */
  SMS("SMS"),
  /** A message that an app showed. */
  MOBILE_PUSH("Mobile Push Notifications"),
  /** A link on any other site. */
  REFERRAL("Referral"),
  /** No link at all. */
  DIRECT("Direct");

  private final String word;

  Channel(String word) {
    this.word = word;
  }

  /** As it is stored and shown. */
  public String word() {
    return word;
  }
}

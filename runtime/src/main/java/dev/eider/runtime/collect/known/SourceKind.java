package dev.eider.runtime.collect.known;

/** What kind of place a visitor came from; the headings of {@code sources.txt}. */
public enum SourceKind {
  /** A search engine. */
  SEARCH,
  /** An assistant that answers in sentences. */
  AI,
  /** A network of people: social media, messengers, forums. */
  SOCIAL,
  /** Where videos are watched. */
  VIDEO,
  /** Where things are bought. */
  SHOPPING,
  /** Mail, read on the web or sent to many. */
  EMAIL,
  /** Where one listens: music and podcasts. */
  AUDIO,
  /** Sends messages to telephones. */
  PUSH,
  /** Any other site, and those nobody has heard of. */
  OTHER
}

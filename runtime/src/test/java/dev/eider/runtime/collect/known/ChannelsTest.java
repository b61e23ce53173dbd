package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelsTest {

  private static final Sources SOURCES = new Sources();
  private static final Channels CHANNELS = new Channels(SOURCES);

  /** In the order of the rules. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // source   | medium           | utm_source    | utm_campaign     | click   | channel
        "Google     | cpc              | google        | a-Cross-Network  | gclid   | CROSS_NETWORK",
        "''         | ''               | ''            | cross-network    | ''      | CROSS_NETWORK",
        "Amazon     | cpc              | amazon        | ''               | ''      | PAID_SHOPPING",
        "Google     | CPC              | google        | Shopping-DE      | gclid   | PAID_SHOPPING",
        "Google     | ppc              | google        | e-shop sale      | ''      | PAID_SHOPPING",
        "Google     | paid             | google        | eshop            | ''      | PAID_SHOPPING",
        "Google     | cpc              | google        | workshop         | ''      | PAID_SEARCH",
        "Google     | cpc              | google        | dshop            | ''      | PAID_SEARCH",
        "Google     | cpc              | google        | ''               | ''      | PAID_SEARCH",
        "Google     | ''               | ''            | ''               | gclid   | PAID_SEARCH",
        "Google     | ''               | ''            | ''               | gbraid  | PAID_SEARCH",
        "Bing       | ''               | ''            | ''               | msclkid | PAID_SEARCH",
        "Bing       | ''               | ''            | ''               | gclid   | ORGANIC_SEARCH",
        "Google     | ''               | ''            | ''               | msclkid | ORGANIC_SEARCH",
        "Google     | ''               | adwords       | ''               | ''      | PAID_SEARCH",
        "DuckDuckGo | paid-search      | ddg           | ''               | ''      | PAID_SEARCH",
        "Facebook   | paidsocial       | fb            | ''               | fbclid  | PAID_SOCIAL",
        "Facebook   | ''               | fbads         | ''               | ''      | PAID_SOCIAL",
        "Facebook   | retargeting      | facebook      | ''               | ''      | PAID_SOCIAL",
        "YouTube    | cpv              | youtube       | ''               | ''      | PAID_VIDEO",
        "YouTube    | cpc              | youtube       | ''               | ''      | PAID_VIDEO",
        "news       | display          | news          | ''               | ''      | DISPLAY",
        "news       | cpm              | news          | ''               | ''      | DISPLAY",
        "news       | Banner           | news          | ''               | ''      | DISPLAY",
        "news       | expandable       | news          | ''               | ''      | DISPLAY",
        "news       | interstitial     | news          | ''               | ''      | DISPLAY",
        "Facebook   | cpm              | facebook      | ''               | ''      | PAID_SOCIAL",
        "news       | cpc              | news          | ''               | ''      | PAID_OTHER",
        "''         | paid             | ''            | ''               | ''      | PAID_OTHER",
        "''         | xcpa             | ''            | ''               | ''      | PAID_OTHER",
        "''         | ppc2             | ''            | ''               | ''      | DIRECT",
        "Amazon     | ''               | ''            | ''               | ''      | ORGANIC_SHOPPING",
        "news       | ''               | news          | shop             | ''      | ORGANIC_SHOPPING",
        "Facebook   | ''               | ''            | ''               | fbclid  | ORGANIC_SOCIAL",
        "news       | social           | news          | ''               | ''      | ORGANIC_SOCIAL",
        "news       | Social-Network   | news          | ''               | ''      | ORGANIC_SOCIAL",
        "news       | social-media     | news          | ''               | ''      | ORGANIC_SOCIAL",
        "news       | sm               | news          | ''               | ''      | ORGANIC_SOCIAL",
        "news       | social network   | news          | ''               | ''      | ORGANIC_SOCIAL",
        "news       | social media     | news          | ''               | ''      | ORGANIC_SOCIAL",
        "YouTube    | ''               | ''            | ''               | ''      | ORGANIC_VIDEO",
        "news       | a video ad       | news          | ''               | ''      | ORGANIC_VIDEO",
        "ChatGPT    | ''               | chatgpt.com   | ''               | ''      | AI_ASSISTANTS",
        "Claude     | ''               | ''            | ''               | ''      | AI_ASSISTANTS",
        "Phind      | referral         | ''            | ''               | ''      | AI_ASSISTANTS",
        "DeepSeek   | ''               | ''            | ''               | ''      | AI_ASSISTANTS",
        "Microsoft Copilot | ''        | ''            | ''               | ''      | AI_ASSISTANTS",
        "Grok       | ''               | ''            | ''               | ''      | AI_ASSISTANTS",
        "Google Gemini | ''            | ''            | ''               | ''      | AI_ASSISTANTS",
        "Perplexity | ''               | ''            | ''               | ''      | AI_ASSISTANTS",
        "Google     | ''               | ''            | ''               | ''      | ORGANIC_SEARCH",
        "Google     | email            | ''            | ''               | ''      | ORGANIC_SEARCH",
        "news       | organic          | news          | ''               | ''      | REFERRAL",
        "Gmail      | ''               | ''            | ''               | ''      | EMAIL",
        "news       | E-Mail           | news          | ''               | ''      | EMAIL",
        "news       | e_mail           | news          | ''               | ''      | EMAIL",
        "news       | e mail           | news          | ''               | ''      | EMAIL",
        "Newsletter | ''               | newsletter    | ''               | ''      | EMAIL",
        "my email   | ''               | my email      | ''               | ''      | EMAIL",
        "news       | newsletter-3     | news          | ''               | ''      | EMAIL",
        "news       | affiliate        | news          | ''               | ''      | AFFILIATES",
        "news       | affiliates       | news          | ''               | ''      | AFFILIATES",
        "news       | audio            | news          | ''               | ''      | AUDIO",
        "Spotify    | ''               | ''            | ''               | ''      | AUDIO",
        "news       | sms              | news          | ''               | ''      | SMS",
        "sms        | ''               | sms           | ''               | ''      | SMS",
        "news       | web-push         | news          | ''               | ''      | MOBILE_PUSH",
        "news       | pushed           | news          | ''               | ''      | REFERRAL",
        "news       | a mobile app     | news          | ''               | ''      | MOBILE_PUSH",
        "news       | notification     | news          | ''               | ''      | MOBILE_PUSH",
        "Firebase   | ''               | firebase      | ''               | ''      | MOBILE_PUSH",
        "''         | referral         | ''            | ''               | ''      | REFERRAL",
        "''         | app              | ''            | ''               | ''      | REFERRAL",
        "''         | link             | ''            | ''               | ''      | REFERRAL",
        "blog.example | ''             | ''            | ''               | ''      | REFERRAL",
        "''         | something        | ''            | summer           | ''      | DIRECT",
        "''         | ''               | ''            | ''               | ''      | DIRECT",
        "''         | ''               | ''            | ''               | gclid   | DIRECT",
      })
  void theFirstRuleThatFitsCounts(
      String source,
      String medium,
      String utmSource,
      String campaign,
      String clickId,
      Channel channel) {
    assertThat(CHANNELS.of(source, medium, utmSource, campaign, clickId)).isEqualTo(channel);
  }

  @Property(tries = 500)
  void everyVisitHasAChannel(@ForAll String medium, @ForAll String word, @ForAll String campaign) {
    assertThat(CHANNELS.of(SOURCES.ofWord(word), medium, word, campaign, "")).isNotNull();
  }
}

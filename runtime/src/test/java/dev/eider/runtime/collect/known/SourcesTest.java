package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourcesTest {

  private static final Sources SOURCES = new Sources();

  @ParameterizedTest
  @CsvSource({
    "google.com,Google,SEARCH",
    "google.co.uk,Google,SEARCH",
    "google.com.au,Google,SEARCH",
    "images.google.de,Google,SEARCH",
    "google.example.com,google.example.com,OTHER",
    "notgoogle.com,notgoogle.com,OTHER",
    "news.google.com,Google News,OTHER",
    "mail.google.com,Gmail,EMAIL",
    "gemini.google.com,Google Gemini,AI",
    "com.google.android.googlequicksearchbox,Google,SEARCH",
    "com.google.android.gm,Gmail,EMAIL",
    "com.slack,Slack,SOCIAL",
    "search.yahoo.com,Yahoo!,SEARCH",
    "uk.search.yahoo.com,Yahoo!,SEARCH",
    "mail.yahoo.com,Yahoo! Mail,EMAIL",
    "yandex.com.tr,Yandex,SEARCH",
    "t.co,Twitter,SOCIAL",
    "x.com,Twitter,SOCIAL",
    "notx.com,notx.com,OTHER",
    "l.facebook.com,Facebook,SOCIAL",
    "lm.facebook.com,Facebook,SOCIAL",
    "l.instagram.com,Instagram,SOCIAL",
    "out.reddit.com,Reddit,SOCIAL",
    "old.reddit.com,Reddit,SOCIAL",
    "news.ycombinator.com,Hacker News,SOCIAL",
    "pinterest.com.mx,Pinterest,SOCIAL",
    "lnkd.in,LinkedIn,SOCIAL",
    "m.youtube.com,YouTube,VIDEO",
    "youtu.be,YouTube,VIDEO",
    "amazon.co.jp,Amazon,SHOPPING",
    "smile.amazon.de,Amazon,SHOPPING",
    "chatgpt.com,ChatGPT,AI",
    "claude.ai,Claude,AI",
    "perplexity.ai,Perplexity,AI",
    "copilot.microsoft.com,Microsoft Copilot,AI",
    "en.wikipedia.org,Wikipedia,OTHER",
    "localhost,localhost,OTHER",
    "'','',OTHER",
    "192.0.2.1,192.0.2.1,OTHER",
    "blog.example,blog.example,OTHER",
  })
  void hosts(String host, String name, SourceKind kind) {
    assertThat(SOURCES.ofHost(host)).isEqualTo(name);
    assertThat(SOURCES.kind(name)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "fb,Facebook",
    "FB,Facebook",
    "ig,Instagram",
    "Hacker News,Hacker News",
    "hacker news,Hacker News",
    "google,Google",
    "chatgpt.com,ChatGPT",
    "www.bing.com,Bing",
    "Newsletter,Newsletter",
    "Summer Letter,Summer Letter",
    "shop.example.com,shop.example.com",
  })
  void words(String word, String name) {
    assertThat(SOURCES.ofWord(word)).isEqualTo(name);
  }

  @Property(tries = 500)
  void anyHostHasAName(@ForAll String host) {
    assertThat(SOURCES.ofHost(host)).isNotNull();
    assertThat(SOURCES.ofWord(host)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "darodar.com,true",
    "semalt.com,true",
    "a.b.semalt.com,true",
    "notsemalt.com,false",
    "semalt.com.example,false",
    "com,false",
    "'',false",
    "google.com,false",
  })
  void spam(String host, boolean spam) {
    assertThat(new SpamReferrers().contains(host)).isEqualTo(spam);
  }

  @Test
  void noSourceThatHasANameIsSpam() {
    SpamReferrers spam = new SpamReferrers();
    Lines.forEach(
        "sources.txt",
        line -> {
          for (String host : line.substring(line.indexOf(": ") + 1).split(",", -1)) {
            assertThat(spam.contains(host.strip())).as(host).isFalse();
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "gclid=x,gclid,Google",
    "a=b&GCLID=x&c=d,gclid,Google",
    "utm_source=x&gbraid=1,gbraid,Google",
    "wbraid=1,wbraid,Google",
    "msclkid=1,msclkid,Bing",
    "fbclid=1&gclid=2,fbclid,Facebook",
    "ttclid=1,ttclid,TikTok",
    "twclid=1,twclid,Twitter",
    "li_fat_id=1,li_fat_id,LinkedIn",
    "dclid=1,dclid,Google Ads",
    "yclid=1,yclid,Yandex",
    "irclickid=1,irclickid,''",
    "gclid=,'',''",
    "gclid,'',''",
    "xgclid=1,'',''",
    "a=gclid=1,'',''",
    "'','',''",
    "&&=&=x,'',''",
  })
  void clickIds(String query, String name, String source) {
    assertThat(ClickIds.in(query)).isEqualTo(name);
    assertThat(ClickIds.source(name)).isEqualTo(source);
  }
}

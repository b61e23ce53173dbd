package dev.eider.runtime.collect.known;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentsTest {

  private static final Agents AGENTS = new Agents();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1 | Safari | 18.6 | iOS | 18.6 | mobile | Apple | iPhone",
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 | Safari | 17.5 | iOS | 17.5 | tablet | Apple | iPad",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0 | Firefox | 143.0 | macOS | 10.15 | desktop | Apple | Mac",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 | Chrome | 141.0 | Windows | 10 | desktop | '' | ''",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0 | Edge | 141.0 | Linux | '' | desktop | '' | ''",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0 | Opera | 124.0 | Windows | 10 | desktop | '' | ''",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko | IE | 11.0 | Windows | 7 | desktop | '' | ''",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 | Chrome | 141.0 | Android | 10 | mobile | '' | ''",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 | Chrome | 141.0 | Android | 10 | tablet | '' | ''",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 | Chrome | 141.0 | Android | 15 | mobile | Google | Pixel 9",
        "Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 | Chrome | 141.0 | Android | 14 | tablet | Samsung | SM-X710",
        "Mozilla/5.0 (Linux; Android 9; SAMSUNG SM-G960F) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36 | Samsung Internet | 28.0 | Android | 9 | mobile | Samsung | SM-G960F",
        "Mozilla/5.0 (Linux; Android 12; moto g(30)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 | Chrome | 141.0 | Android | 12 | mobile | Motorola | moto g(30)",
        "Mozilla/5.0 (Linux; U; Android 5.0.2; zh-cn; Redmi Note 2 Build/LRX22G) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30 | Android Browser | 5.0 | Android | 5.0 | mobile | Xiaomi | Redmi Note 2",
        "Mozilla/5.0 (Linux; Android 10; ELE-L29) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Mobile Safari/537.36 | Chrome | 110.0 | Android | 10 | mobile | Huawei | ELE-L29",
        "Mozilla/5.0 (Linux; Android 13; IN2023) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Mobile Safari/537.36 | Chrome | 110.0 | Android | 13 | mobile | OnePlus | IN2023",
        "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Mobile Safari/537.36 | Chrome | 110.0 | Android | 9 | mobile | Cubot | X19",
        "Mozilla/5.0 (Android 13; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0 | Firefox | 128.0 | Android | 13 | mobile | '' | ''",
        "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A.240805.005) | Android Browser | 14 | Android | 14 | mobile | Google | Pixel 8",
        "Dalvik/2.1.0 (Linux; U; Android 13; SM-X710 Build/TP1A.220624.014) | Android Browser | 13 | Android | 13 | tablet | Samsung | SM-X710",
        "Mozilla/5.0 (Android 13; Tablet; rv:128.0) Gecko/128.0 Firefox/128.0 | Firefox | 128.0 | Android | 13 | tablet | '' | ''",
        "Mozilla/5.0 (Linux; Android 5.1.1; KFAUWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0.5359.160 Safari/537.36 | Amazon Silk | 108.4 | Android | 5.1 | tablet | Amazon | KFAUWI",
        "Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/5.0 TV Safari/537.36 | Safari | 5.0 | Tizen | 5.0 | tv | Samsung | ''",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager | Chrome | 94.0 | webOS | '' | tv | LG | ''",
        "Mozilla/5.0 (Linux; Android 9; AFTKA) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.9.3 like Chrome/108.0.5359.220 Safari/537.36 | Amazon Silk | 108.9 | Android | 9 | tv | Amazon | AFTKA",
        "Mozilla/5.0 (PlayStation; PlayStation 5/9.20) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15 | Safari | 17.0 | '' | '' | console | Sony | PlayStation 5",
        "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 (KHTML, like Gecko) NF/6.0.2.22.5 NintendoBrowser/5.1.0.22474 | '' | '' | '' | '' | console | Nintendo | Nintendo Switch",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0 | Edge | 140.0 | Windows | 10 | console | Microsoft | Xbox Series X",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/530.0.0.42.74;FBDV/iPhone16,2] | Facebook | 530.0 | iOS | 18.6 | mobile | Apple | iPhone",
        "Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/141.0.7390.70 Mobile Safari/537.36 Instagram 400.0.0.49.68 Android | Instagram | 400.0 | Android | 14 | mobile | Samsung | SM-S911B",
        "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063 | Edge | 15.15063 | Windows Phone | 10.0 | mobile | Microsoft | Lumia 950",
        "something nobody knows | '' | '' | '' | '' | desktop | '' | ''",
      })
  void agents(
      String userAgent,
      String browser,
      String version,
      String os,
      String osVersion,
      String type,
      String brand,
      String model) {
    assertThat(AGENTS.of(userAgent))
        .isEqualTo(new Agent(browser, version, os, osVersion, type, brand, model, ""));
  }

  @Test
  void noAgentIsNoBrowser() {
    assertThat(AGENTS.of(" ")).isEqualTo(new Agent("", "", "", "", "", "", "", ""));
  }

  @Test
  void theCommonOnesAreReadAsTheLibraryReadsThem() {
    Agents agents = new Agents();
    int common = 0;
    List<String> webkits = List.of("537.36", "605.1.15");
    for (String system :
        List.of(
            "Windows NT 10.0; Win64; x64",
            "Windows NT 6.1; Win64; x64",
            "Macintosh; Intel Mac OS X 10_15_7",
            "Macintosh; Intel Mac OS X 10.15",
            "Macintosh; Intel Mac OS X 10_9",
            "X11; Linux x86_64",
            "X11; Ubuntu; Linux x86_64",
            "X11; CrOS x86_64 14541.0.0",
            "Linux; Android 10; K",
            "Linux; Android 15; Pixel 9 Pro XL",
            "Linux; Android 14; SM-S918B",
            "Linux; Android 14; SM-S918B Build/UP1A; wv",
            "Linux; Android 8.1.0; AFTT",
            "iPhone; CPU iPhone OS 18_6_2 like Mac OS X",
            "iPad; CPU OS 17_5 like Mac OS X")) {
      for (String webkit : webkits) {
        for (String browser :
            List.of(
                "Chrome/141.0.0.0 Safari/537.36",
                "Chrome/99.0.4844.51 Mobile Safari/537.36",
                "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.3537.57",
                "Chrome/141.0.0.0 Safari/537.36 OPR/122.0.0.0",
                "SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                "Version/18.6 Safari/605.1.15",
                "Version/18.6.1 Mobile/15E148 Safari/604.1",
                "CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1",
                "HeadlessChrome/141.0.0.0 Safari/537.36")) {
          common +=
              sameAsTheLibrary(
                  agents,
                  "Mozilla/5.0 (%s) AppleWebKit/%s (KHTML, like Gecko) %s"
                      .formatted(system, webkit, browser));
        }
      }
      common +=
          sameAsTheLibrary(
              agents, "Mozilla/5.0 (%s; rv:143.0) Gecko/20100101 Firefox/143.0".formatted(system));
    }
    assertThat(common).isGreaterThan(40);
  }

  private static int sameAsTheLibrary(Agents agents, String userAgent) {
    var common = CommonAgents.of(userAgent);
    common.ifPresent(
        software -> assertThat(software).as(userAgent).isEqualTo(agents.byLibrary(userAgent)));
    return common.isPresent() ? 1 : 0;
  }

  @Property(tries = 300)
  void anyTextIsRead(@ForAll String userAgent) {
    Agent agent = AGENTS.of(userAgent);
    assertThat(agent.model() + agent.brand() + agent.browser())
        .matches(text -> text.chars().noneMatch(Character::isISOControl));
  }

  /** Pieces of real ones in any order, which is where patterns go astray. */
  @Property(tries = 300)
  void piecesOfAgentsAreRead(@ForAll Random random) {
    List<String> agents = new ArrayList<>();
    Lines.forEach("browser-agents.txt", agents::add);
    Lines.forEach("bot-agents.txt", agents::add);
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < 1 + random.nextInt(30); i++) {
      String agent = agents.get(random.nextInt(agents.size()));
      int from = random.nextInt(agent.length());
      mixed.append(agent, from, from + random.nextInt(agent.length() - from + 1));
    }
    assertThat(AGENTS.of(mixed.toString()).type())
        .isIn(mixed.toString().isBlank() ? "" : "desktop", "mobile", "tablet", "tv", "console");
  }
}

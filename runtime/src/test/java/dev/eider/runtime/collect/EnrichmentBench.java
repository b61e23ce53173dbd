package dev.eider.runtime.collect;

import com.sun.management.ThreadMXBean;
import dev.eider.runtime.collect.known.Addresses;
import dev.eider.runtime.collect.known.Agents;
import dev.eider.runtime.collect.known.BotRules;
import dev.eider.runtime.collect.known.Geo;
import dev.eider.runtime.collect.known.Language;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;

/**
 * What it costs to add to an event what is known of the world, on the mix of {@code e2e/bench
 * ingest}: 5,000 user agents, 50,000 addresses, 2,000 pages. No test; run its main. Prints
 * processor time and allocated bytes an event, as whatever else runs on the machine is in the way
 * of the clock.
 */
final class EnrichmentBench {

  private static final int EVENTS = 400_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String[] userAgents = new String[5_000];
  private final String[] addresses = new String[50_000];
  private final String[] referrers = new String[2_000];
  private final PageUrl[] pages = new PageUrl[2_000];
  private final int[] order = new Random(1).ints(EVENTS, 0, 50_000 * 50).toArray();
  private final Agents agents = new Agents();
  private final Referrers sources = new Referrers();
  private final TrustedProxies proxies = TrustedProxies.of(List.of("10.0.0.0/8", "127.0.0.0/8"));
  private final Geo geo = new Geo(List.of(Path.of("target/geo/country.mmdb")));

  private EnrichmentBench() {
    for (int i = 0; i < userAgents.length; i++) {
      int version = 100 + i / 6 % 43;
      int build = 6000 + i / 258;
      userAgents[i] =
          switch (i % 4) {
            case 0 ->
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/%d.0.%d.0 Safari/537.36".formatted(version, build);
            case 1 ->
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_%d like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
                        .formatted(i % 20)
                    + " like Gecko) Version/17.1 Mobile/15E%d Safari/604.1".formatted(i);
            case 2 ->
                "Mozilla/5.0 (Linux; Android 14; SM-S9%02dB) AppleWebKit/537.36 (KHTML, like Gecko)"
                        .formatted(i % 100)
                    + " Chrome/%d.0.%d.0 Mobile Safari/537.36".formatted(version, build);
            default ->
                "Mozilla/5.0 (X11; Linux x86_64; rv:%d.0) Gecko/20100101 Firefox/%d.%d"
                    .formatted(version, version, i % 9);
          };
    }
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = "%d.%d.%d.%d".formatted(20 + i % 150, i / 150 % 256, i / 38_400, 1 + i % 250);
    }
    for (int i = 0; i < referrers.length; i++) {
      pages[i] = PageUrl.parse("https://site.example/section-%d/page-%d".formatted(i % 40, i));
      referrers[i] =
          switch (i % 5) {
            case 0 -> "https://www.google.com/";
            case 1 -> "https://duckduckgo.com/";
            case 2 -> "https://news.ycombinator.com/item?id=" + i;
            case 3 -> "https://blog%d.example.net/a-link".formatted(i % 97);
            default -> "";
          };
    }
  }

  /** Prints a line for each part and one for all. */
  public static void main(String[] arguments) {
    EnrichmentBench bench = new EnrichmentBench();
    bench.measure("agent and bot rule", bench::agent);
    bench.measure("client's address", bench::client);
    bench.measure("country", bench::country);
    bench.measure("source, click id, channel, spam", bench::source);
    bench.measure("language", EnrichmentBench::language);
    bench.measure(
        "all",
        draw -> bench.agent(draw) + bench.country(draw) + bench.source(draw) + language(draw));
  }

  private long agent(int draw) {
    return BotRules.unlessTrusted(agents.of(userAgents[draw % 5_000]).botRule(), false).length();
  }

  private long client(int draw) {
    return proxies.client("10.0.0.1", addresses[draw % 50_000]).length();
  }

  private long country(int draw) {
    String client = proxies.client("10.0.0.1", addresses[draw % 50_000]);
    return geo.of(Addresses.parse(client).orElseThrow()).countryCode().length();
  }

  private long source(int draw) {
    return sources.of(pages[draw % 2_000], referrers[draw % 2_000]).source().channel().length();
  }

  private static long language(int draw) {
    return Language.of("en-US,en;q=0.9").length();
  }

  private void measure(String what, IntToLongFunction part) {
    long best = Long.MAX_VALUE;
    long bytes = 0;
    long sum = 0;
    for (int round = 0; round < 5; round++) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      long time = THREADS.getCurrentThreadCpuTime();
      for (int draw : order) {
        sum += part.applyAsLong(draw);
      }
      best = Math.min(best, THREADS.getCurrentThreadCpuTime() - time);
      bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    }
    System.out.printf(
        "%-32s %6d ns %6d bytes an event (%d)%n", what, best / EVENTS, bytes / EVENTS, sum);
  }
}
